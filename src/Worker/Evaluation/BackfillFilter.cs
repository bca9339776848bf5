using Worker.Files;

namespace Worker.Evaluation;

/// <summary>Which judged Logs are judged by further Evaluators. What is null leaves nothing out.</summary>
/// <param name="Evaluator">The path of the only Evaluator.</param>
/// <param name="Path">A pattern over the Logs' File paths.</param>
/// <param name="Since">Those whose run was opened then or later.</param>
/// <param name="Until">Those whose run was opened before.</param>
/// <param name="Rate">Logs a second at most.</param>
/// <param name="DryRun">Counts, and changes nothing.</param>
internal sealed record BackfillFilter(
    string? Evaluator, PathGlob? Path, DateTimeOffset? Since, DateTimeOffset? Until, double? Rate, bool DryRun)
{
    public bool Covers(DateTimeOffset openedAt) => !(openedAt < Since) && !(openedAt >= Until);
}
