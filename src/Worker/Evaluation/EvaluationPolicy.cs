namespace Worker.Evaluation;

/// <summary>The options that decide about runs.</summary>
/// <param name="Lease">How long attempts that have begun are left alone.</param>
internal sealed record EvaluationPolicy(WakeTimers Timers, LatePolicy Late, TimeSpan Lease);
