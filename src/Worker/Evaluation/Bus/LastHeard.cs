namespace Worker.Evaluation.Bus;

/// <summary>When this process got to the end of a message on the endpoint of wake-ups, whatever came of it.</summary>
internal sealed class LastHeard(TimeProvider time)
{
    private long _at = time.GetTimestamp();

    /// <summary>As a timestamp of the <see cref="TimeProvider"/>; when this was made, where nothing was heard.</summary>
    public long At => Volatile.Read(ref _at);

    public void Now() => Volatile.Write(ref _at, time.GetTimestamp());
}
