using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Reads what was judged of Logs, for the rows of a list. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class TraceRows(IEvaluatorLogStore verdicts, IPostedVerdictStore posted, IRunStore runs)
{
    /// <summary>The same rows, with how it stands with their judgment.</summary>
    public async Task<IReadOnlyList<TraceRow>> ReadAsync(
        IReadOnlyList<TraceRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return rows;
        string[] ids = [.. rows.Select(row => row.Log.Id)];
        var ofWorkers = (await verdicts.ReadAsync(ids, cancellationToken)).ToLookup(verdict => verdict.LogId);
        var ofOthers = await posted.JudgedAmongAsync(ids, cancellationToken);
        var states = await Task.WhenAll(ids.Select(id => runs.ReadAsync(id, cancellationToken)));
        var read = new List<TraceRow>(rows.Count);
        foreach (var (row, run) in rows.Zip(states))
        {
            var revision = run?.Revision ?? 0;
            var standing = ofWorkers[row.Log.Id].Where(verdict => verdict.Revision >= revision).Select(RowVerdict.Of);
            var outside = ofOthers.Contains(row.Log.Id) ? await OutsideAsync(row.Log.Id, cancellationToken) : [];
            read.Add(row with
            {
                State = run is null ? row.State : EnumName<RunState>.Of(run.State),
                Verdicts = [.. standing, .. outside],
            });
        }

        return read;
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
