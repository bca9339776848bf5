using Worker.Errors;
using Worker.Reading;
using Worker.Storage;

namespace Worker.Assessment;

/// <summary>
/// Agreement with people for who waits for it: of what an Evaluator said in a time. It goes along that Evaluator's own
/// verdicts by time, and not along all that people ever judged: the store's index tells which of those Logs have
/// verdicts from outside, and only these are read, so many at most. One report is made at a time, others wait. Safe for
/// concurrent use. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class AgreementReport(
    AgreementReader reader, IVerdictListing given, ILogListing logs, IPostedVerdictStore posted) : IDisposable
{
    /// <summary>Logs are named on which the two differ.</summary>
    private const int MostDifferences = 20;

    private const int Page = 500;

    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>So many of its latest verdicts are looked at, and as many from outside.</summary>
    public int MostVerdicts { get; init; } = VerdictReport.MostVerdicts;

    /// <summary>So many Logs are read; on MongoDB each takes some round trips.</summary>
    public int MostLogs { get; init; } = 2_000;

    /// <summary>Null where no Evaluator is called that, neither in the files nor in the store.</summary>
    /// <param name="name">Its path, as it is normal, or its id.</param>
    public async Task<TimedAgreement?> ReadAsync(
        string name, VerdictTime time, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (await reader.FindAsync(name, cancellationToken) is not { } evaluator)
                return null;
            var found = new Found();
            await AddAsync(
                found,
                given.ReadAsync(evaluator.Id, time.From, time.Until, cancellationToken),
                cancellationToken);
            await AddAsync(
                found,
                PostedLines.ReadAsync(logs, evaluator.Id, time.From, time.Until, cancellationToken),
                cancellationToken);
            var agreement = await reader.ReadAsync(
                new(name, new HashSet<string>(), time.From, time.Until, NothingElse, MostDifferences),
                evaluator,
                found.FromOutside.ToAsyncEnumerable(),
                _ => { },
                cancellationToken);
            return new(agreement, time, found.Judged.Count, found.IsCut);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private static Dictionary<string, string> NothingElse { get; } = [];

    private async Task AddAsync(
        Found found,
        IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> pages,
        CancellationToken cancellationToken)
    {
        var lines = pages.SelectMany(page => page).Where(verdict => !verdict.IsLater);
        var count = 0;
        await foreach (var page in lines.Take(MostVerdicts + 1).Chunk(Page).WithCancellation(cancellationToken))
        {
            count += page.Length;
            found.IsCut |= count > MostVerdicts;
            var ids = page.Take(page.Length - Math.Max(0, count - MostVerdicts))
                .Select(verdict => verdict.LogId)
                .Where(found.Judged.Add)
                .ToList();
            var among = await posted.JudgedAmongAsync(ids, cancellationToken);
            foreach (var id in ids.Where(among.Contains))
            {
                if (found.FromOutside.Count == MostLogs)
                {
                    found.IsCut = true;
                    return;
                }

                found.FromOutside.Add(id);
            }
        }
    }

    /// <summary>The Logs that it judged in that time, the latest first.</summary>
    private sealed class Found
    {
        public HashSet<string> Judged { get; } = new(StringComparer.Ordinal);

        /// <summary>Those of them that have verdicts from outside, too.</summary>
        public List<string> FromOutside { get; } = [];

        public bool IsCut { get; set; }
    }
}
