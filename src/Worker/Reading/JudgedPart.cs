using Worker.Files;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>The verdicts of one Evaluator on the Logs of one File that come from one environment.</summary>
/// <param name="Path">Of the File; null where the Logs have none, or are not stored any more.</param>
/// <param name="Kind">Of the Logs; null where they are not stored any more.</param>
/// <param name="Environment">As the Logs say it; null where they say nothing.</param>
/// <param name="Deployments">Of the File, those of that time: of each slot the store knows the latest.</param>
internal sealed record JudgedPart(
    string? Path, LogKind? Kind, string? Environment, VerdictSums Sums, IReadOnlyList<Deployment> Deployments);
