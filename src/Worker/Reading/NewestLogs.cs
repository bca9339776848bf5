using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// The Logs of several Files as one list, newest first. Each File's is fetched in small pages when it is its turn.
/// </summary>
/// <param name="after">Where to begin; null is the newest.</param>
internal sealed class NewestLogs(
    ILogListing listing, ILogStore logs, IReadOnlyList<LogRange> ranges, TraceCursor? after) : INewestLogs
{
    private const int FirstFetch = 20;
    private const int MaxFetch = 1_000;

    private const long Millisecond = 1_000;

    private readonly List<Source> _sources = [.. ranges.Select(range => new Source(Narrowed(range, after)))];

    public async Task<IReadOnlyList<Log>> NextAsync(int count, CancellationToken cancellationToken)
    {
        var next = new List<Log>(count);
        while (next.Count < count)
        {
            // Again and again: a whole fetch may lie before the cursor, where many Logs are of its millisecond.
            while (_sources.Find(source => source.NeedsMore) is { } source)
                await FetchAsync(source, cancellationToken);
            if (_sources.Where(source => source.Waiting.Count > 0).MinBy(source => source.First) is not { } newest)
                break;
            next.Add(newest.Take());
        }

        return next;
    }

    /// <summary>
    /// A store may know instants by the millisecond alone: the whole one is read again, and sorted here.
    /// </summary>
    private static LogRange Narrowed(LogRange range, TraceCursor? after) => after is { } cursor
        ? range with { Until = Math.Min(range.Until, ((cursor.CreatedAt / Millisecond) + 1) * Millisecond) }
        : range;

    private async Task FetchAsync(Source source, CancellationToken cancellationToken)
    {
        var ids = await listing.PageAsync(source.Range, source.Fetched, source.Fetch, cancellationToken);
        var read = await logs.ReadAsync(ids, cancellationToken);
        source.Add(ids.Count, read.Values.Where(log => !log.IsDeleted), after);
    }

    private sealed class Source(LogRange range)
    {
        private long _safeFrom = long.MaxValue;
        private bool _isAtItsEnd;

        public LogRange Range => range;

        public SortedList<TraceCursor, Log> Waiting { get; } = [];

        public int Fetched { get; private set; }

        public int Fetch { get; private set; } = FirstFetch;

        /// <summary>Only of what lies above the millisecond that was fetched last is the order known.</summary>
        public bool NeedsMore => !_isAtItsEnd && (Waiting.Count == 0 || First.CreatedAt < _safeFrom);

        public TraceCursor First => Waiting.Keys[0];

        public Log Take()
        {
            var log = Waiting.Values[0];
            Waiting.RemoveAt(0);
            return log;
        }

        public void Add(int fetched, IEnumerable<Log> found, TraceCursor? after)
        {
            _isAtItsEnd = fetched < Fetch;
            Fetched += fetched;
            Fetch = Math.Min(Fetch * 2, MaxFetch);
            foreach (var log in found)
            {
                _safeFrom = Math.Min(_safeFrom, ((log.CreatedAt / Millisecond) + 1) * Millisecond);
                if (after is not { } cursor || cursor.CompareTo(TraceCursor.Of(log)) < 0)
                    Waiting[TraceCursor.Of(log)] = log;
            }
        }
    }
}
