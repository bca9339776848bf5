using Worker.Traces;

namespace Worker.Assessment;

/// <summary>What an Evaluator said of a Log, whether it judged here or outside.</summary>
/// <param name="VersionId">Null where it came from outside and names none.</param>
/// <param name="Spec">The Version's; null where it is not known.</param>
/// <param name="Judgment">Null where it abstained, or failed.</param>
internal sealed record GivenVerdict(
    string LogId, string? VersionId, JsonValue? Spec, JsonValue? Judgment, bool IsError, DateTimeOffset At);
