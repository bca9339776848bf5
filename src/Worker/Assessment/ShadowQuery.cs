using Worker.Evaluation;
using Worker.Files;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Assessment;

/// <summary>Which stored Logs an Evaluator judges in the shadow. What is null leaves nothing out.</summary>
/// <param name="Evaluator">In the files or not, attached or not. Its own <c>sample</c> does not count.</param>
/// <param name="Share">Above 0, at most 1: so many of the Logs, by their ids (see <see cref="Sampling"/>).</param>
/// <param name="Path">A pattern over the Logs' File paths.</param>
/// <param name="Since">Those that began to be judged then or later; without a run, those created then.</param>
/// <param name="Until">Those that began to be judged before.</param>
/// <param name="Rate">Logs a second at most.</param>
/// <param name="DryRun">Asks nobody: says what it may cost.</param>
/// <param name="Limit">How many Logs are named on which it differs from the Version in the files.</param>
internal sealed record ShadowQuery(
    Evaluator Evaluator,
    double Share,
    PathGlob? Path,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    double? Rate,
    bool DryRun,
    int Limit)
{
    public bool Covers(DateTimeOffset at) => !(at < Since) && !(at >= Until);
}
