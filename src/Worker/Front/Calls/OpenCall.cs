using System.Text.Json.Nodes;
using Worker.Models;
using Worker.Reading;

namespace Worker.Front.Calls;

/// <summary>A call that may be made: all that could be wrong with the request has been looked at.</summary>
/// <param name="Prompt">As the answer shows it.</param>
/// <param name="TraceId">The outermost Flow Log above, as far as is known.</param>
/// <param name="IsNamed">The client named the Log.</param>
internal sealed record OpenCall(
    Caller Caller,
    CallBody Body,
    ChatCall Call,
    CallLog Log,
    TakenLog Begun,
    FileView Prompt,
    string? TraceId,
    bool IsNamed)
{
    /// <summary>What has been said so far.</summary>
    public ChatReply Reply { get; } = new();

    public string LogId => Begun.Log.Id;

    /// <summary>Nothing of it is to be kept.</summary>
    public bool IsWithheld => Begun.Log.Withheld;

    public JsonObject Inputs => Body.ReturnsInputs ? Body.Inputs : [];
}
