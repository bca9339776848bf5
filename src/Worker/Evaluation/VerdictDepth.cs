using Microsoft.Extensions.Options;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// How deep a verdict from outside lies (see <see cref="Run.Depth"/>), by what it says it is on. Throws
/// <see cref="Errors.StoreUnavailableException"/>.
/// </summary>
internal sealed class VerdictDepth(IPostedVerdictStore posted, IRunStore runs, IOptions<EvaluationOptions> options)
{
    public int Most => options.Value.MaxDepth;

    /// <summary>Of more than <see cref="Most"/> only that it is more. What is not stored counts as a Log.</summary>
    public async Task<int> OfAsync(Log verdict, CancellationToken cancellationToken)
    {
        var depth = 1;
        for (var on = verdict.JudgedId; on is not null && depth <= Most; depth++)
        {
            var above = (await posted.JudgedByAsync([on], cancellationToken)).GetValueOrDefault(on);
            if (above is null)
                return depth + ((await runs.ReadAsync(on, cancellationToken))?.Depth ?? 0);
            on = above;
        }

        return depth;
    }
}
