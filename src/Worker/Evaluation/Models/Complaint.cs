using System.Text.Json;
using Worker.Evaluation.Rules;

namespace Worker.Evaluation.Models;

/// <summary>
/// What a service says is wrong, in its own words alone: many repeat what they were sent, and that is a trace, which
/// must not decide what becomes of an Evaluator.
/// </summary>
/// <param name="Codes">Its names for it, such as <c>insufficient_quota</c>.</param>
/// <param name="Words">The names and the sentences.</param>
internal sealed record Complaint(IReadOnlyList<string> Codes, string Words)
{
    private const int MaxDepth = 6;

    private static readonly string[] OfCodes = ["code", "type", "status"];
    private static readonly string[] OfWords =
        [.. OfCodes, "error", "innererror", "errors", "message", "msg", "detail", "param", "loc", "metadata", "raw"];

    /// <summary>OpenAI's <c>error</c>, FastAPI's <c>detail</c>, what is like them, or plain text.</summary>
    public static Complaint Of(string body)
    {
        if (JsonText.Parse(body) is not { } json)
            return new([], body);
        var codes = new List<string>();
        var words = new List<string>();
        Collect(json, isCode: false, 0, codes, words);
        return new(codes, string.Join('\n', codes.Concat(words)));
    }

    public bool Says(params string[] words) =>
        words.Any(word => Words.Contains(word, StringComparison.OrdinalIgnoreCase));

    public bool HasCode(params string[] codes) => Codes.Intersect(codes, StringComparer.OrdinalIgnoreCase).Any();

    private static void Collect(JsonElement json, bool isCode, int depth, List<string> codes, List<string> words)
    {
        if (depth > MaxDepth)
            return;
        switch (json.ValueKind)
        {
            case JsonValueKind.String when json.GetString() is { } text:
                (isCode ? codes : words).Add(text);
                break;
            case JsonValueKind.Array:
                foreach (var each in json.EnumerateArray())
                    Collect(each, isCode, depth + 1, codes, words);
                break;
            case JsonValueKind.Object:
                foreach (var each in json.EnumerateObject().Where(each => OfWords.Contains(each.Name)))
                    Collect(each.Value, OfCodes.Contains(each.Name), depth + 1, codes, words);
                break;
        }
    }
}
