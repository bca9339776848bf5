using Worker.DeadLetters;
using Worker.Errors;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Alerts;

/// <summary>
/// Measures what alerts look at, now or at any time before. Throws <see cref="StoreUnavailableException"/>, and of dead
/// letters <see cref="ServerUnreachableException"/>.
/// </summary>
internal sealed class AlertGauge(IVerdictListing verdicts, ILogListing logs, IDeadLetters letters)
{
    /// <param name="until">The end of the window, which is not in it.</param>
    /// <param name="isFiring">Then it will be told to nobody which dead letters there are.</param>
    public Task<Measurement> MeasureAsync(
        Alert alert, DateTimeOffset until, bool isFiring, CancellationToken cancellationToken) =>
        alert.Measure switch
        {
            AlertMeasure.Paused => PutOffAsync(alert, Outcome.Paused, cancellationToken),
            AlertMeasure.OverBudget => PutOffAsync(alert, Outcome.OverBudget, cancellationToken),
            AlertMeasure.DeadLetters => LettersAsync(alert, isFiring, cancellationToken),
            _ => VerdictsAsync(alert, until, cancellationToken),
        };

    private async Task<Measurement> VerdictsAsync(
        Alert alert, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var evaluator = alert.EvaluatorId!;
        var from = until - alert.Window;
        var tally = new VerdictTally(alert);
        var given = verdicts.ReadAsync(evaluator, from, until, cancellationToken);
        var posted = PostedLines.ReadAsync(logs, evaluator, from, until, cancellationToken);
        var isCut = await AddAsync(tally, given) | await AddAsync(tally, posted);
        return tally.Result(isCut);
    }

    /// <returns>Whether there were more.</returns>
    private static async Task<bool> AddAsync(
        VerdictTally tally, IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> pages)
    {
        var left = VerdictTally.MostVerdicts;
        await foreach (var page in pages)
        {
            foreach (var verdict in page)
            {
                if (left-- == 0)
                    return true;
                tally.Add(verdict);
            }
        }

        return false;
    }

    private async Task<Measurement> PutOffAsync(Alert alert, Outcome outcome, CancellationToken cancellationToken)
    {
        var found = await verdicts.PutOffAsync(
            outcome, alert.EvaluatorId, Measurement.MostContributions, cancellationToken);
        return new(found.Count, found.Count, found.Count, [.. found.LogIds.Select(id => new Contribution(id))]);
    }

    /// <summary>Which they are is looked up only where it will be told: on a broker, that takes hold of them.</summary>
    private async Task<Measurement> LettersAsync(Alert alert, bool isFiring, CancellationToken cancellationToken)
    {
        var count = letters.Exist ? await letters.CountAsync(cancellationToken) : 0;
        var named = !isFiring && alert.Bound.IsBrokenBy(count)
            ? await letters.ListAsync(cancellationToken)
                .Take(Measurement.MostContributions)
                .Select(letter => new Contribution(letter.DeadLetterId, letter.LogId))
                .ToListAsync(cancellationToken)
            : [];
        return new(count, count, count, named);
    }
}
