namespace Worker.Evaluation;

/// <summary>This process among the workers of a store: the owner of its claims.</summary>
internal sealed record WorkerId(string Value)
{
    public static WorkerId New() => new($"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():n}");
}
