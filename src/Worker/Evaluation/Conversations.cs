using System.Text.Json;
using Microsoft.Extensions.Options;
using Worker.Evaluation.Rules;
using Worker.Files;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Finds the conversation of a Flow Log: by its Flow, and what the Log says in the fields that
/// <see cref="ConversationOptions.By"/> names. Of one message and the same options it always finds the same.
/// </summary>
internal sealed class Conversations(IOptions<ConversationOptions> options)
{
    private const string Folder = "conversations/";

    private readonly IReadOnlyList<FieldPath> _keys = [.. Keys(options.Value.By).Select(
        key => FieldPath.Parse(key, out var problem) ?? throw new ArgumentException(problem, nameof(options)))];

    private readonly PathGlob _flows = new(options.Value.Flows);

    /// <summary>The path of the Flow whose conversations have that path.</summary>
    public static string? FlowOf(string? path) =>
        path?.StartsWith(Folder, StringComparison.Ordinal) == true ? path[Folder.Length..] : path;

    /// <summary>Why that is nothing that conversations can be found by, as a sentence; null when it is.</summary>
    public static string? FaultIn(string? by) =>
        Keys(by).Select(key => FieldPath.Parse(key, out var problem) is null ? problem : null).FirstOrDefault(
            problem => problem is not null);

    /// <summary>
    /// What a message says of its Log's conversation, as a message of its own; null where it says nothing: no Flow Log
    /// is logged, or it has another parent, or no key.
    /// </summary>
    public LogMessage? Of(LogMessage message)
    {
        if (_keys.Count == 0
            || message.Kind != MessageKind.FlowLogged
            || Said(message, LogFields.TraceParentId) is not null)
            return null;

        var path = Said(message, LogFields.Path)?.AsText();
        var flow = path is null ? Said(message, LogFields.FileId)?.AsText() : DerivedIds.NormalPath(path);
        if (flow is null || !_flows.Matches(path) || KeyOf(message) is not { } key)
            return null;

        return new LogMessage
        {
            Kind = MessageKind.FlowLogged,
            LogId = DerivedIds.Conversation(flow, key),
            Identity = LogIdentity.LogId,
            MessageId = Stamp.Lowest.MessageId,
            OccurredAt = Stamp.Lowest.At,
            ReceivedAt = message.ReceivedAt,
            Changes =
            [
                new(LogFields.Path, JsonValue.FromText(Folder + flow), Stamp.Lowest),
                new(LogFields.Metadata, JsonValue.Parse(JsonSerializer.Serialize(new { flow, key })), Stamp.Lowest),
            ],
        };
    }

    private string? KeyOf(LogMessage message)
    {
        foreach (var path in _keys)
        {
            if (LogFields.Find(path.Name) is not { } field || Said(message, field) is not { } said)
                continue;
            if (path.Within(JsonElement.Parse(said.Utf8.Span)) is { } value && TextOf(value) is { Length: > 0 } key)
                return key;
        }

        return null;
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static JsonValue? Said(LogMessage message, Field field)
    {
        foreach (var (each, value, _) in message.Changes)
        {
            if (each == field)
                return value;
        }

        return null;
    }

    private static string[] Keys(string? by) =>
        (by ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
