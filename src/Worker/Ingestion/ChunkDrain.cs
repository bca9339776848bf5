using Microsoft.Extensions.Options;
using Polly;
using Worker.DeadLetters;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>
/// Drains a source into the store: pass after pass, for ever. When a chunk lapses all that is held is given back, and
/// the store is asked until it answers. Ends with the stop, or with what the source throws.
/// </summary>
internal sealed partial class ChunkDrain : IDisposable
{
    private readonly PoisonGuard _guard;
    private readonly IDeadLetters _letters;
    private readonly IStore _store;
    private readonly IngestionMetrics _account;
    private readonly TimeSpan _stopWithin;
    private readonly TimeProvider _time;
    private readonly ILogger<ChunkDrain> _logger;
    private readonly ResiliencePipeline _resume;
    private readonly CancellationTokenSource _abandon = new();
    private volatile LetterDesk? _desk;
    private bool _hasLapsed;

    public ChunkDrain(
        PoisonGuard guard,
        IDeadLetters letters,
        IStore store,
        IngestionMetrics account,
        IOptions<HostOptions> host,
        TimeProvider time,
        ILogger<ChunkDrain> logger)
    {
        _guard = guard;
        _letters = letters;
        _store = store;
        _account = account;
        _stopWithin = host.Value.ShutdownTimeout * 0.75;
        _time = time;
        _logger = logger;
        _resume = Backoff.Forever(time, exception => exception is ChunkLapsedException or StoreUnavailableException);
    }

    /// <summary>Refused messages that are held until their letters are durable.</summary>
    public int LettersWaiting => _desk?.Waiting ?? 0;

    public async Task RunAsync(IChunkSource source, LetterLimit limit, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
            await _resume.ExecuteAsync(async token => await PassAsync(source, limit, token), stopping);
    }

    /// <summary>
    /// Bounds what finishing the chunks in hand may take, from now on: time is left for connections to close.
    /// </summary>
    public IDisposable AbandonSoon(CancellationToken shutdown)
    {
        _abandon.CancelAfter(_stopWithin);
        return shutdown.Register(_abandon.Cancel);
    }

    /// <summary>Says what became of every message.</summary>
    public void Stopped()
    {
        var totals = _account.Totals;
        IngestionStopped(
            totals.Received,
            totals.Stored,
            totals.Unchanged,
            totals.Collapsed,
            totals.Absorbed,
            totals.Refused,
            totals.Returned);
    }

    public void Dispose() => _abandon.Dispose();

    // Returns, so that the next pass begins at once, when this one got anywhere; throws, so that it waits, when not.
    private async Task PassAsync(IChunkSource source, LetterLimit limit, CancellationToken stopping)
    {
        var settled = _account.Totals.Settled;
        try
        {
            if (_hasLapsed)
                await _store.ProbeAsync(stopping);
            await PassOverAsync(source, limit, stopping);
        }
        catch (Exception exception) when (exception is ChunkLapsedException or StoreUnavailableException)
        {
            Lapsed(exception);
            if (_account.Totals.Settled == settled)
                throw;
        }
    }

    private async Task PassOverAsync(IChunkSource source, LetterLimit limit, CancellationToken stopping)
    {
        using var ledger = new SourceLedger(source, _account, Resumed);
        try
        {
            await using var desk = new LetterDesk(
                _letters.SendAsync,
                sent => SettleAsync(ledger, sent),
                _time,
                _logger);
            _desk = desk;
            await new ChunkPipeline(source, _guard, desk, limit, ledger, _account, _store.Description, _time).RunAsync(
                stopping, _abandon.Token);
        }
        finally
        {
            _desk = null;
            _account.Returned(await source.ReturnAsync());
        }
    }

    private async Task SettleAsync(SourceLedger ledger, IReadOnlyList<RefusedMessage> sent)
    {
        await _guard.LettersSentAsync(sent, _abandon.Token);
        foreach (var one in sent)
            _account.LetterSent(one.Letter.Reason);
        var messages = sent.Select(one => one.Message).OrderBy(message => message.Tag).ToList();
        await ledger.SettleAsync(messages, new ChunkResult { Refused = sent.Count });
    }

    private void Resumed()
    {
        if (_hasLapsed)
            IngestionResumed(_store.Description);
        _hasLapsed = false;
        _account.Paused(false);
    }

    private void Lapsed(Exception exception)
    {
        if (exception is ChunkLapsedException { IsOutage: false })
            ChunkLapsed(exception.InnerException!);
        else if (!_hasLapsed)
            IngestionPaused(exception.Message);
        _hasLapsed = true;
        _account.Paused(true);
    }

    [LoggerMessage(LogLevel.Warning, "Stopped taking messages, and trying until it works again: {Reason}")]
    private partial void IngestionPaused(string reason);

    [LoggerMessage(LogLevel.Information, "Taking messages again: the store ({Store}) has taken what was given back")]
    private partial void IngestionResumed(string store);

    [LoggerMessage(LogLevel.Error, "Gave back a chunk that could not be processed, and trying again")]
    private partial void ChunkLapsed(Exception exception);

    [LoggerMessage(
        LogLevel.Information,
        "Stopped: received {Received} = stored {Stored} + unchanged {Unchanged} + collapsed {Collapsed} + " +
        "absorbed {Absorbed} + refused {Refused} + returned {Returned}")]
    private partial void IngestionStopped(
        long received, long stored, long unchanged, long collapsed, long absorbed, long refused, long returned);
}
