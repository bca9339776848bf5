using Worker.Errors;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// A trace that is being judged: read to its end for shape and digest, then given member by member to whoever judges.
/// One that fits into a page is kept for that; a larger one is read a second time. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class OpenTrace : IAsyncDisposable
{
    private readonly JudgedTraces _traces;
    private readonly Run _run;
    private readonly IAsyncEnumerator<IReadOnlyList<Log>> _pages;
    private readonly TraceDigest _digest = new();
    private IReadOnlyList<Log> _kept = [];

    private OpenTrace(JudgedTraces traces, Run run, CancellationToken cancellationToken)
    {
        _traces = traces;
        _run = run;
        _pages = traces.MembersAsync(run, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Null when the Log is not stored, or was deleted.</summary>
    public Log? Head { get; private set; }

    /// <summary>
    /// It is a verdict that a worker gave: <see cref="Head"/> is all there is, and in no log store.
    /// </summary>
    public bool IsVerdict => _run.JudgedId is not null;

    /// <summary>It does not fit into one page.</summary>
    public bool IsLarge { get; private set; }

    public TraceShape Shape { get; } = new();

    /// <summary>Once it was read to its end.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>
    /// Reads the first page of what a run judges, and asks for a second one to see whether that is all.
    /// </summary>
    public static async Task<OpenTrace> OpenAsync(JudgedTraces traces, Run run, CancellationToken cancellationToken)
    {
        var trace = new OpenTrace(traces, run, cancellationToken);
        try
        {
            await trace.BeginAsync();
            return trace;
        }
        catch
        {
            await trace.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads it to its end.</summary>
    public async Task ReadAsync()
    {
        for (var more = IsLarge; more; more = await _pages.MoveNextAsync())
        {
            Add(_pages.Current);

            // A store may answer each page at once: this gives others their turn.
            await Task.Yield();
        }

        Digest = _digest.Result();
    }

    /// <summary>
    /// Gives every member, once it was read to its end. False when the trace has changed since: then nothing that was
    /// given counts.
    /// </summary>
    public async Task<bool> GiveAsync(Action<Member> take, CancellationToken cancellationToken)
    {
        if (!IsLarge)
            return Give(_kept, take) == Shape.Count;

        var given = 0;
        await foreach (var page in _traces.MembersAsync(_run, cancellationToken))
        {
            var count = Give(page, take);
            if (count < page.Count)
                return false;
            given += count;
            await Task.Yield();
        }

        return given == Shape.Count;
    }

    public ValueTask DisposeAsync() => _pages.DisposeAsync();

    private async Task BeginAsync()
    {
        if (!await _pages.MoveNextAsync())
            return;
        var first = _pages.Current;
        Head = first[0];
        Add(first);
        IsLarge = await _pages.MoveNextAsync();
        _kept = IsLarge ? [] : first;
    }

    private void Add(IReadOnlyList<Log> page)
    {
        foreach (var log in page)
        {
            Shape.Add(log);
            _digest.Add(log);
        }
    }

    /// <summary>
    /// Gives members up to the first one that has changed since it was read; returns how many were given.
    /// </summary>
    private int Give(IReadOnlyList<Log> page, Action<Member> take)
    {
        for (var i = 0; i < page.Count; i++)
        {
            var place = Shape.PlaceOf(page[i].Id);
            if (place < 0 || Shape[place].Version != page[i].Version)
                return i;
            take(new(Shape, place, page[i]));
        }

        return page.Count;
    }
}
