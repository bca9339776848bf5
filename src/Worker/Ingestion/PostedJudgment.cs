using System.Text.Json;
using Worker.Evaluation;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// What a verdict from outside may say: true or false, a number, a text, several texts, or null, which takes back what
/// was said. Held against what the message itself declares, its <c>spec</c>; a Version that is named by id or
/// Environment is not looked up for it.
/// </summary>
internal static class PostedJudgment
{
    private static readonly string Name = LogFields.Judgment.Name;

    /// <summary>Null where it is accepted.</summary>
    /// <param name="isNonNumber">NaN or infinite, which reads as null.</param>
    public static Refusal? Refuse(JsonPart judgment, JsonPart spec, bool isNonNumber)
    {
        if (isNonNumber)
            return Refusal($"{Name} is NaN or infinite, which no judgment can be; send null where there is none.");
        if (judgment.Type == JsonTokenType.StartObject || !HoldsTexts(judgment))
        {
            var more = judgment.Type == JsonTokenType.StartArray ? " with more than texts" : "";
            return Refusal(
                $"{Name} is {judgment.Description}{more}; " +
                "it has to be true, false, a number, a text, a list of texts or null.");
        }

        return judgment.IsNothing || Declared(spec)?.Problem(judgment.Value) is not { } problem
            ? null
            : Refusal(problem) with { DetailWithoutContent = "The judgment is not what the spec beside it says." };
    }

    /// <summary>
    /// The two fields that hold it, of which one is unset: what is one of the options that the message itself declares
    /// is no free text, and any other text may be.
    /// </summary>
    public static IEnumerable<FieldEntry> Changes(JsonPart judgment, JsonPart spec, Stamp stamp)
    {
        JsonValue? value = judgment.IsNull ? null : judgment.Value;
        var isText = judgment.Type is JsonTokenType.String or JsonTokenType.StartArray
            && Declared(spec)?.Returns is not (ReturnType.Select or ReturnType.MultiSelect);
        yield return new(LogFields.Judgment, isText ? null : value, stamp);
        yield return new(LogFields.JudgmentText, isText ? value : null, stamp);
    }

    private static JudgmentType? Declared(JsonPart spec) =>
        spec.Type == JsonTokenType.StartObject ? JudgmentType.OfSpec(spec.Value) : null;

    private static bool HoldsTexts(JsonPart judgment)
    {
        if (judgment.Type != JsonTokenType.StartArray)
            return true;
        var reader = new Utf8JsonReader(judgment.Value.Utf8.Span, JsonBody.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            // On to the next.
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static Refusal Refusal(string detail) => new(RefusalReason.InvalidJudgment, Name, detail);
}
