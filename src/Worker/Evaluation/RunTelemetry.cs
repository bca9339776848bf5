using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>Tells what the steps of runs came to.</summary>
internal sealed class RunTelemetry(EvaluationMetrics metrics, EvaluatorCatalog catalog)
{
    /// <summary>The step was saved. Never throws.</summary>
    /// <param name="before">As it was read.</param>
    public Task SavedAsync(Run before, Run run, RunChange change, CancellationToken cancellationToken)
    {
        metrics.Saved(before, run, change, PathOf);
        return Task.CompletedTask;
    }

    /// <summary>Null for one that is in the files no longer.</summary>
    private string? PathOf(string evaluatorId) => catalog.All.FirstOrDefault(each => each.Id == evaluatorId)?.Path;
}
