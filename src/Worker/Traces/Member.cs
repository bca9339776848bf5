namespace Worker.Traces;

/// <summary>One Log of a trace, in its place.</summary>
internal readonly record struct Member(TraceShape Trace, int Place, Log Log)
{
    public bool IsHead => Place == 0;

    /// <summary>Directly under the head.</summary>
    public bool IsChild => Trace[Place].Parent == 0;

    /// <summary>
    /// How long it took: a Flow Log from the earliest start under it to the latest end, any other by its own account.
    /// </summary>
    public LogSpan Span => Log.Kind == LogKind.Flow ? Trace.SpanOf(Place) : Trace[Place].Own;
}
