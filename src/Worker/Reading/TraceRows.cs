using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>Reads Logs as the rows of a list. Throws <see cref="StoreUnavailableException"/>.</summary>
internal sealed class TraceRows(IEvaluatorLogStore verdicts, IPostedVerdictStore posted, IRunStore runs)
{
    /// <param name="paths">Of Files, by id.</param>
    public async Task<IReadOnlyList<TraceRow>> ReadAsync(
        IReadOnlyList<Log> batch, IReadOnlyDictionary<string, string?> paths, CancellationToken cancellationToken)
    {
        string[] ids = [.. batch.Select(log => log.Id)];
        var ofWorkers = (await verdicts.ReadAsync(ids, cancellationToken)).ToLookup(verdict => verdict.LogId);
        var ofOthers = await posted.JudgedAmongAsync(ids, cancellationToken);
        var states = await Task.WhenAll(ids.Select(id => runs.ReadAsync(id, cancellationToken)));
        var rows = new List<TraceRow>(batch.Count);
        foreach (var (log, run) in batch.Zip(states))
        {
            var path = log.Resolution?.FileId is { } file ? paths.GetValueOrDefault(file) : null;
            var revision = run?.Revision ?? 0;
            var standing = ofWorkers[log.Id].Where(verdict => verdict.Revision >= revision).Select(RowVerdict.Of);
            var outside = ofOthers.Contains(log.Id) ? await OutsideAsync(log.Id, cancellationToken) : [];
            rows.Add(new()
            {
                Log = log,
                Path = path ?? log.Path,
                State = run is null ? "unjudged" : EnumName<RunState>.Of(run.State),
                Verdicts = [.. standing, .. outside],
            });
        }

        return rows;
    }

    /// <summary>The first page of them: there may be any number.</summary>
    private async Task<IEnumerable<RowVerdict>> OutsideAsync(string logId, CancellationToken cancellationToken)
    {
        await foreach (var page in posted.OnAsync(logId, cancellationToken))
        {
            return page.Select(log => new RowVerdict(
                log.Path ?? log.Resolution?.FileId ?? "", log.Judgment, log.Text(LogFields.Error))
            {
                At = log.CreatedAt,
            });
        }

        return [];
    }
}
