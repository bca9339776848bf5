using System.Collections.Frozen;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// The names a message's kind goes by: <c>tool.logged</c>, <c>ToolLogged</c>,
/// <c>urn:message:Worker.Contracts:ToolLogged</c>.
/// </summary>
internal static class MessageTypes
{
    private static readonly FrozenDictionary<string, MessageKind> ByName = Enum.GetValues<MessageKind>()
        .SelectMany(
            kind => new[] { KeyValuePair.Create(kind.WireName(), kind), KeyValuePair.Create(kind.ToString(), kind) })
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The wire names of what producers send, for sentences that say what is accepted.</summary>
    public static readonly string Accepted = string.Join(
        ", ", Enum.GetValues<MessageKind>().Where(kind => !kind.IsAboutFiles()).Select(kind => kind.WireName()));

    /// <summary>The kind of that name, of either spelling; null when there is none.</summary>
    public static MessageKind? Find(string? name) =>
        name is not null && ByName.TryGetValue(name, out var kind) ? kind : null;

    /// <summary>The first kind among MassTransit's type URNs.</summary>
    public static MessageKind? FindUrn(IEnumerable<string> urns) =>
        urns.Select(urn => Find(urn[(urn.LastIndexOf(':') + 1)..].Trim())).FirstOrDefault(kind => kind is not null);
}
