using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>A span as OTLP has it, whichever way it was encoded.</summary>
internal sealed record OtlpSpan
{
    /// <summary>Lower hex.</summary>
    public required string TraceId { get; init; }

    /// <summary>Lower hex.</summary>
    public required string SpanId { get; init; }

    /// <summary>Lower hex; null for a span that begins its trace.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>The parent is in another process, and may be sent by nobody.</summary>
    public bool IsParentRemote { get; init; }

    public required string Name { get; init; }

    /// <summary>Of the instrumentation that made it.</summary>
    public string? Scope { get; init; }

    /// <summary>In microseconds since the Unix epoch.</summary>
    public required long Start { get; init; }

    /// <summary>In microseconds since the Unix epoch.</summary>
    public required long End { get; init; }

    public bool Failed { get; init; }

    /// <summary>What its status says.</summary>
    public string? StatusMessage { get; init; }

    public required IReadOnlyDictionary<string, JsonNode?> Attributes { get; init; }

    /// <summary>Of what sent it, e.g. <c>service.name</c>.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Resource { get; init; }

    public IReadOnlyList<OtlpEvent> Events { get; init; } = [];
}
