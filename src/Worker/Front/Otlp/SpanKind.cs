namespace Worker.Front.Otlp;

/// <summary>
/// Which kind of Log a span is. It is read from the span alone: however spans are batched, repeated or ordered, the
/// Log is the same.
/// </summary>
internal enum SpanKind
{
    /// <summary>Anything else on the way: a Tool Log, so that what is under it stays linked.</summary>
    Step,

    /// <summary>A model was called: a Prompt Log.</summary>
    Model,

    /// <summary>A tool was called: a Tool Log.</summary>
    Tool,

    /// <summary>What everything else is under, or a run of an agent: a Flow Log, complete when the span ended.</summary>
    Flow,
}
