using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Evaluation.Models;

/// <summary>What is asked of a model for a return type: in words, and as a JSON schema.</summary>
internal static class AnswerShape
{
    public const string Judgment = "judgment";
    public const string Reason = "reason";

    /// <summary>The function that a model is told to call.</summary>
    public const string Tool = "judge";

    /// <summary>How to answer, as it is told to the model.</summary>
    public static string Words(AnswerFormat format, JudgmentType returns)
    {
        var accepted = $"{Accepted(returns)}, or null where the data does not allow a judgment";
        return format switch
        {
            AnswerFormat.Tool => $"Answer by calling the function {Tool}. Its {Reason} says why, in one to three " +
                $"sentences; its {Judgment} is {accepted}.",
            AnswerFormat.LastLine => "Say why in one to three sentences. Then write the judgment, and nothing else, " +
                $"on the last line: {accepted}.",
            _ => $"Answer with one JSON object and nothing else: {{\"{Reason}\": …, \"{Judgment}\": …}}. " +
                $"{Reason} is a text that says why, in one to three sentences; {Judgment} is {accepted}.",
        };
    }

    public static JsonElement Schema(JudgmentType returns)
    {
        var judgment = new JsonObject { ["type"] = new JsonArray(TypeOf(returns), "null") };
        judgment["description"] = $"{Accepted(returns)}; null where the data does not allow a judgment";
        if (returns.Returns == ReturnType.Select)
            judgment["enum"] = new JsonArray([.. Options(returns), null]);
        if (returns.Returns == ReturnType.MultiSelect)
            judgment["items"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Options(returns)]) };
        var reason = new JsonObject
        {
            ["type"] = "string", ["description"] = "Why, in one to three sentences; thought of before the judgment",
        };
        return JsonSerializer.SerializeToElement(new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [Reason] = reason, [Judgment] = judgment },
            ["required"] = new JsonArray(Reason, Judgment),
            ["additionalProperties"] = false,
        });
    }

    private static IEnumerable<JsonNode?> Options(JudgmentType returns) =>
        returns.Options.Select(option => (JsonNode?)option);

    private static string TypeOf(JudgmentType returns) => returns.Returns switch
    {
        ReturnType.Boolean => "boolean",
        ReturnType.Number => "number",
        ReturnType.MultiSelect => "array",
        _ => "string",
    };

    private static string Accepted(JudgmentType returns) => returns.Returns switch
    {
        ReturnType.Boolean => "true or false",
        ReturnType.Number => (returns.Min, returns.Max) switch
        {
            ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
            ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $"a number of at least {min}"),
            (null, { } max) => string.Create(CultureInfo.InvariantCulture, $"a number of at most {max}"),
            _ => "a number",
        },
        ReturnType.Select => $"one of the texts {Quoted(returns)}",
        ReturnType.MultiSelect => $"a JSON array of those of the texts {Quoted(returns)} that hold",
        _ => "a text",
    };

    private static string Quoted(JudgmentType returns) =>
        string.Join(", ", returns.Options.Select(option => TraceLog.Quoted(JsonSerializer.SerializeToElement(option))));
}
