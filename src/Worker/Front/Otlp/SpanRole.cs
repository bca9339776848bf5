namespace Worker.Front.Otlp;

/// <summary>
/// What kind of Log a span is, by its own attributes alone: in whatever batch it comes, it is the same.
/// </summary>
internal enum SpanRole
{
    /// <summary>A call of a model: a Prompt Log.</summary>
    Model,

    /// <summary>A call of a tool: a Tool Log.</summary>
    Tool,

    /// <summary>An agent, a workflow, or whatever begins a trace: a Flow Log.</summary>
    Flow,

    /// <summary>Anything between: a Tool Log, so that what is under it stays linked.</summary>
    Step,
}
