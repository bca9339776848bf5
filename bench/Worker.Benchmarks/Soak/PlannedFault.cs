namespace Worker.Benchmarks.Soak;

/// <summary>One thing that is done, when, to which worker, and how long what goes away is away.</summary>
/// <param name="Kills">While the server is away, the worker is killed, too.</param>
internal sealed record PlannedFault(TimeSpan At, FaultKind Kind, int Worker, TimeSpan Length, bool Kills);
