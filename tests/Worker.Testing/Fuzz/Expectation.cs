using System.Text;
using Worker.Ingestion;

namespace Worker.Testing.Fuzz;

/// <summary>What has to become of a message, by the words of the contract and none of the product's code.</summary>
internal sealed record Expectation
{
    private const int MaxDepth = 64;
    private const int MaxIdBytes = 255;

    private static readonly string[] WireNames =
        ["tool.logged", "tool.log.updated", "prompt.logged", "prompt.log.updated", "flow.logged", "flow.log.updated", "evaluator.logged", "log.deleted"];

    private static readonly Dictionary<string, string> Kinds = WireNames
        .SelectMany(name => new[] { (name, name), (name.Replace(".", "", StringComparison.Ordinal), name) })
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

    /// <summary>The reasons it may be refused for; empty when it has to be stored.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Nobody can tell: what was packed was damaged.</summary>
    public bool IsOpen { get; init; }

    public string? Kind { get; init; }

    /// <summary>The object that says something of a Log; null where there is none.</summary>
    public ReferenceJson? Content { get; init; }

    /// <summary>What it names; null when its own body does.</summary>
    public string? LogId { get; init; }

    /// <summary>What a verdict from outside is on.</summary>
    public string? JudgedId => Kind == "evaluator.logged" ? Content!["parent_id"]!.Text : null;

    public bool IsUpdate => Kind!.EndsWith("updated", StringComparison.Ordinal);

    public static Expectation Of(HostileBytes body, InboundMessage inbound, int limit)
    {
        if (body.Delivered.Length > limit)
            return Refused("too_large");
        if (!body.IsKnown)
            return Refused("malformed_json");
        if (body.Plain is not { } plain)
            return new() { Reasons = [], IsOpen = true };
        if (plain.Length > limit)
            return Refused("too_large");

        var json = ReferenceReader.Read(plain, out var deepest);
        if (json is null)
            return deepest > MaxDepth ? Refused("malformed_json", "too_deep") : Refused("malformed_json");
        if (deepest > MaxDepth)
            return Refused("too_deep");
        return json.Kind != ReferenceKind.Object ? Refused("not_an_object") : OfObject(json, inbound);
    }

    private static Expectation OfObject(ReferenceJson body, InboundMessage inbound)
    {
        var isEnvelope = body["message"]?.Kind == ReferenceKind.Object
            && (body["messageType"]?.Kind == ReferenceKind.Array
                || inbound.ContentType?.StartsWith("application/vnd.masstransit+json", StringComparison.OrdinalIgnoreCase) == true);
        var content = isEnvelope ? body["message"]! : body;
        var types = isEnvelope ? body["messageType"]?.Items.Where(item => item.Kind == ReferenceKind.String).Select(item => item.Text) ?? [] : [];
        string?[] names = [inbound.Type, .. types.Select(Last), .. (inbound.MessageTypeHeader ?? "").Split(';').Select(Last), inbound.RoutingKey, inbound.DeathRoutingKey];
        if (names.Select(name => name is null ? null : Kinds.GetValueOrDefault(name)).FirstOrDefault(kind => kind is not null) is not { } kind)
            return Refused("unknown_type");

        var envelopeId = isEnvelope && body["messageId"] is { Kind: ReferenceKind.String } id ? id.Text : "";
        return OfMessage(kind, content, string.IsNullOrEmpty(inbound.MessageId) ? envelopeId : inbound.MessageId);
    }

    private static Expectation OfMessage(string kind, ReferenceJson content, string messageId)
    {
        var logId = content["log_id"] ?? ReferenceJson.Null;
        if (logId.Kind is not (ReferenceKind.Null or ReferenceKind.String))
            return Refused("wrong_type");
        if (IsTooLong(logId.Text))
            return Refused("id_too_long");
        if (logId.Text.Length == 0 && (kind == "log.deleted" || kind.EndsWith("updated", StringComparison.Ordinal)))
            return Refused("missing_field");
        if (logId.Text.Length == 0 && IsTooLong(messageId))
            return Refused("id_too_long");
        if (kind == "evaluator.logged" && ExpectedVerdict.ReasonOf(content) is { } reason)
            return Refused(reason);
        var name = logId.Text.Length > 0 ? logId.Text : messageId.Length > 0 ? messageId : null;
        return new() { Reasons = [], Kind = kind, Content = content, LogId = name };
    }

    private static Expectation Refused(params string[] reasons) => new() { Reasons = reasons };

    private static bool IsTooLong(string id) => Encoding.UTF8.GetByteCount(id) > MaxIdBytes;

    private static string Last(string urn) => urn.Split(':')[^1].Trim();
}
