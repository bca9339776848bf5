using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>Something that happened during a span.</summary>
internal sealed record OtlpEvent(string Name, IReadOnlyDictionary<string, JsonNode?> Attributes);
