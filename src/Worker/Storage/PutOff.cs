namespace Worker.Storage;

/// <summary>Logs that wait for an Evaluator that is not asked.</summary>
/// <param name="Count">How many pairs of Log and Evaluator.</param>
/// <param name="LogIds">Some of the Logs.</param>
internal sealed record PutOff(long Count, IReadOnlyList<string> LogIds);
