namespace Worker.Front.Otlp;

/// <summary>One span as it was exported, whatever the encoding: it has ended.</summary>
internal sealed record Span
{
    /// <summary>The flag that says that the next one means something.</summary>
    private const uint KnowsRemote = 0x100;

    private const uint ParentIsRemote = 0x200;

    /// <summary>32 digits of lower hex, not all zero.</summary>
    public required string TraceId { get; init; }

    /// <summary>16 digits of lower hex, not all zero.</summary>
    public required string SpanId { get; init; }

    /// <summary>Null for the root of a trace.</summary>
    public string? ParentSpanId { get; init; }

    public required string Name { get; init; }

    public SpanKind Kind { get; init; }

    /// <summary>Nanoseconds since the Unix epoch; 0 where it does not say.</summary>
    public ulong StartUnixNano { get; init; }

    public ulong EndUnixNano { get; init; }

    public uint Flags { get; init; }

    public required SpanAttributes Attributes { get; init; }

    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    public bool IsError { get; init; }

    public string StatusMessage { get; init; } = "";

    public required SpanOrigin Origin { get; init; }

    /// <summary>
    /// It begins a trace, or a program's part in one: it has no parent, or one in another program. Where the flags do
    /// not say so, whoever serves a call or takes a message was called from elsewhere.
    /// </summary>
    public bool IsEntry => ParentSpanId is null
        || ((Flags & KnowsRemote) != 0 ? (Flags & ParentIsRemote) != 0 : Kind is SpanKind.Server or SpanKind.Consumer);
}
