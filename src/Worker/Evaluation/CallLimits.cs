namespace Worker.Evaluation;

/// <summary>
/// How an Evaluator that takes its time is called. The key <c>calls</c> of its file; no part of its Version.
/// </summary>
/// <param name="Concurrency">Calls at once, in each worker. 1 to 256.</param>
/// <param name="Rate">Calls a second, in each worker; null is no limit.</param>
/// <param name="Retries">
/// Further tries at once, with growing pauses, after one that failed for a passing reason. 0 to 10.
/// </param>
/// <param name="Tries">
/// How often it is asked for one verdict in all, over hours, before the verdict is its last error. 1 to 100.
/// </param>
/// <param name="Timeout">Of one try, whatever the kind's own limit is.</param>
/// <param name="Budget">What it may spend in a day (UTC), over all workers; null is no limit.</param>
internal sealed record CallLimits(
    int Concurrency, double? Rate, int Retries, int Tries, TimeSpan Timeout, Budget? Budget)
{
    public static readonly CallLimits Default = new(4, null, 2, 10, TimeSpan.FromMinutes(10), null);
}
