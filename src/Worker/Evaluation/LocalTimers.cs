namespace Worker.Evaluation;

/// <summary>The due times of runs that this process woke, so that they need not wait for a scan. Only a hint: the store knows them too.</summary>
internal sealed class LocalTimers
{
    public DateTimeOffset? Earliest { get; private set; }

    public void Set(DateTimeOffset due) => Earliest = Earliest < due ? Earliest : due;
}
