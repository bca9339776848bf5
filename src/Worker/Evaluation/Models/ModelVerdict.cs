using Worker.Traces;

namespace Worker.Evaluation.Models;

/// <summary>What was read out of a model's answer.</summary>
/// <param name="Judgment">Null is an abstention.</param>
internal sealed record ModelVerdict(JsonValue? Judgment, string? Reason);
