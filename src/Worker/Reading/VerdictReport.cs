using Worker.Errors;
using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// What Evaluators said in a time. It reads the verdicts themselves, along the index by which alerts read them: the
/// cost grows with how many were given in that time, bounded, and what is held with how many Logs one Evaluator judged.
/// One report is made at a time, others wait. Safe for concurrent use. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class VerdictReport(IFileListing files, IVerdictListing verdicts, ILogListing logs) : IDisposable
{
    /// <summary>So many of the latest verdicts of one Evaluator are looked at, and as many from outside.</summary>
    public const int MostVerdicts = 50_000;

    /// <summary>So many in all; an Evaluator after that is not looked at.</summary>
    public const int MostInAll = 400_000;

    private const int MostEvaluators = 200;

    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>By path; those that said nothing are left out.</summary>
    /// <param name="paths">Whose path matches; null: all.</param>
    /// <returns>And whether there are more that were not looked at.</returns>
    public async Task<(IReadOnlyList<EvaluatorSums> Evaluators, bool IsCut)> ReadAsync(
        VerdictTime time, PathGlob? paths, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var (found, total) = await files.ListAsync(
                new([LogKind.Evaluator]) { ByPath = true }, 0, MostEvaluators, cancellationToken);
            var (all, left) = (new List<EvaluatorSums>(), MostInAll);
            foreach (var file in found.Select(each => each.File).Where(file => paths?.Matches(file.Path) != false))
            {
                if (left <= 0)
                    return (all, true);
                var sums = new EvaluatorSums(file.Id, file.Path, time);
                left -= await ReadAsync(sums, time, cancellationToken);
                if (sums.Versions.Count > 0)
                    all.Add(sums);
            }

            return (all, total > found.Count);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <returns>How many verdicts were looked at.</returns>
    private async Task<int> ReadAsync(EvaluatorSums sums, VerdictTime time, CancellationToken cancellationToken)
    {
        var given = verdicts.ReadAsync(sums.Id, time.From, time.Until, cancellationToken);
        var posted = PostedLines.ReadAsync(logs, sums.Id, time.From, time.Until, cancellationToken);
        var (ofWorkers, isCut) = await AddAsync(given, sums.AddGiven);
        var (ofOthers, isPostedCut) = await AddAsync(posted, sums.Add);
        sums.IsCut = isCut || isPostedCut;
        sums.Close();
        return ofWorkers + ofOthers;
    }

    private static async Task<(int Count, bool IsCut)> AddAsync(
        IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> pages, Action<VerdictLine> add)
    {
        var count = 0;
        await foreach (var page in pages)
        {
            foreach (var verdict in page)
            {
                if (count == MostVerdicts)
                    return (count, true);
                add(verdict);
                count++;
            }
        }

        return (count, false);
    }
}
