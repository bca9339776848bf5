namespace Worker.Retention;

/// <summary>What a rule removes.</summary>
/// <param name="Bytes">About how large their Logs were.</param>
internal sealed record RemovedTraces(long Traces, long Logs, long Bytes)
{
    public RemovedTraces And(OldTrace trace) => new(Traces + 1, Logs + trace.LogIds.Count, Bytes + trace.Bytes);
}
