using System.Text.Json.Nodes;

namespace Worker.Models;

/// <summary>One call of a model.</summary>
/// <param name="IsOwnKey">The key came with the call, and is not the operator's.</param>
/// <param name="Body">What the provider is sent, but for how it is to answer.</param>
/// <param name="Timeout">Of an answer, or of each next piece of a streamed one.</param>
internal sealed record ChatCall(ModelProvider Provider, bool IsOwnKey, JsonObject Body, TimeSpan Timeout)
{
    private const string OldLimit = "max_tokens";
    private const string NewLimit = "max_completion_tokens";
    private const string StreamOptions = "stream_options";

    public string Model => (string)Body["model"]!;

    /// <summary>So that it comes in pieces, with what it took at its end.</summary>
    public JsonObject Streamed()
    {
        var body = Whole();
        body["stream"] = true;
        body[StreamOptions] = new JsonObject { ["include_usage"] = true };
        return body;
    }

    public JsonObject Whole() => Body.DeepClone().AsObject();

    /// <summary>
    /// What to send after that refusal, where it is of a name that some services do not know, or want another for; null
    /// where it is of anything else.
    /// </summary>
    public static JsonObject? Simpler(JsonObject sent, string refusal)
    {
        var body = sent.DeepClone().AsObject();
        if (refusal.Contains(NewLimit, StringComparison.Ordinal) && body.Remove(OldLimit, out var most))
        {
            body[NewLimit] = most;
            return body;
        }

        return refusal.Contains(StreamOptions, StringComparison.Ordinal) && body.Remove(StreamOptions) ? body : null;
    }
}
