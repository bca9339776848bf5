using Microsoft.Extensions.Options;
using Polly;
using Worker.Storage;

namespace Worker.Ingestion.Inbox;

/// <summary>
/// Drains the inbox, where there is no broker: takes the oldest messages in chunks, has them processed, removes them. When the
/// store goes, it asks until it answers, and begins again with what was not removed.
/// </summary>
internal sealed partial class InboxService : BackgroundService
{
    /// <summary>How soon another process's message is noticed; this process's own are signalled.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly IInbox _inbox;
    private readonly InboxSignal _signal;
    private readonly PoisonGuard _guard;
    private readonly IStore _store;
    private readonly IngestionAccount _account;
    private readonly ChunkRules _rules;
    private readonly HoldBound _peek;
    private readonly TimeSpan _stopWithin;
    private readonly TimeProvider _time;
    private readonly ILogger<InboxService> _logger;
    private readonly ResiliencePipeline _resume;
    private readonly CancellationTokenSource _abandon = new();
    private readonly Dictionary<long, int> _lapses = [];
    private bool _isCounted, _hasLapsed;

    public InboxService(
        IInbox inbox, InboxSignal signal, PoisonGuard guard, IStore store, IngestionAccount account,
        IOptions<IngestionOptions> options, IOptions<HostOptions> host, TimeProvider time, ILogger<InboxService> logger)
    {
        (_inbox, _signal, _guard, _store, _account, _time, _logger) = (inbox, signal, guard, store, account, time, logger);
        _rules = new(options.Value.ChunkSize, ChunkRules.DefaultBytes);
        _peek = new(options.Value.ChunkSize, options.Value.ChunkSize, options.Value.MaxMessageBytes);
        _stopWithin = host.Value.ShutdownTimeout * 0.75;
        _resume = Backoff.Forever(time, exception => exception is ChunkLapsedException or StoreUnavailableException);
    }

    /// <summary>Finishes the chunk in hand; the rest stays in the inbox.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _abandon.CancelAfter(_stopWithin);
        await using var _ = cancellationToken.Register(_abandon.Cancel);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _abandon.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                await _resume.ExecuteAsync(DrainAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            var totals = _account.Totals;
            InboxStopped(totals.Received, totals.Stored, totals.Unchanged, totals.Collapsed, totals.Absorbed, totals.Refused, totals.Returned);
        }
    }

    private async ValueTask DrainAsync(CancellationToken stopping)
    {
        var settled = _account.Totals.Settled;
        try
        {
            if (!_isCounted)
                await _inbox.CountRedeliveriesAsync(_rules.Count, stopping);
            _isCounted = true;
            while (!stopping.IsCancellationRequested)
            {
                var chunk = Chunk(await _inbox.PeekAsync(0, _peek.Current, stopping));
                if (chunk.Count > 0)
                    await SettleAsync(chunk);
                else
                    await _signal.WaitAsync(Poll, _time, stopping);
            }
        }
        catch (Exception exception) when (exception is ChunkLapsedException or StoreUnavailableException)
        {
            Lapsed(exception);
            if (_account.Totals.Settled == settled)
                throw;
        }
    }

    private List<InboundMessage> Chunk(IReadOnlyList<InboxMessage> messages)
    {
        var (chunk, bytes, hasSuspect) = (new List<InboundMessage>(messages.Count), 0L, false);
        foreach (var message in messages.Select(Inbound))
        {
            if (!_rules.Admit(message, chunk.Count, bytes, hasSuspect))
                break;
            chunk.Add(message);
            bytes += message.Body.Length;
            hasSuspect = PoisonGuard.IsSuspect(message);
        }

        return chunk;
    }

    private InboundMessage Inbound(InboxMessage message) => new()
    {
        Body = message.Body,
        Type = message.Type,
        MessageId = message.MessageId,
        ContentType = message.ContentType,
        ReceivedAt = message.ReceivedAt,
        DeliveryCount = message.Redeliveries + _lapses.GetValueOrDefault(message.Position),
        Tag = message.Position,
    };

    private async Task SettleAsync(List<InboundMessage> chunk)
    {
        _account.Received(chunk.Count);
        ChunkResult result;
        try
        {
            result = await _guard.ProcessAsync(chunk, _abandon.Token);
        }
        catch (Exception exception)
        {
            _account.Returned(chunk.Count);
            if (exception is StoreUnusableException or OperationCanceledException)
                throw;
            foreach (var message in chunk.Where(_ => !ChunkLapsedException.IsOutageReason(exception)))
                _lapses[message.Tag] = _lapses.GetValueOrDefault(message.Tag) + 1;
            throw new ChunkLapsedException(exception);
        }

        _account.Settled(result);
        await _inbox.RemoveAsync([.. chunk.Select(message => message.Tag)], _abandon.Token);
        foreach (var message in chunk)
            _lapses.Remove(message.Tag);
        _peek.Observe(chunk.Count, chunk.Sum(message => (long)message.Body.Length));
        if (_hasLapsed)
            InboxResumed(_store.Description);
        _hasLapsed = false;
    }

    private void Lapsed(Exception exception)
    {
        if (exception is ChunkLapsedException { IsOutage: false })
            ChunkLapsed(exception.InnerException!);
        else if (!_hasLapsed)
            InboxPaused(exception.Message);
        _hasLapsed = true;
    }

    [LoggerMessage(11, LogLevel.Warning, "Stopped draining the inbox, and trying until it works again: {Reason}")]
    private partial void InboxPaused(string reason);

    [LoggerMessage(12, LogLevel.Information, "Draining the inbox again: the store ({Store}) has taken what was held")]
    private partial void InboxResumed(string store);

    [LoggerMessage(13, LogLevel.Error, "A chunk could not be processed; a message that does this three times alone is refused as poison")]
    private partial void ChunkLapsed(Exception exception);

    [LoggerMessage(14, LogLevel.Information, "Stopped: received {Received} = stored {Stored} + unchanged {Unchanged} + collapsed {Collapsed} + absorbed {Absorbed} + refused {Refused} + returned {Returned}")]
    private partial void InboxStopped(long received, long stored, long unchanged, long collapsed, long absorbed, long refused, long returned);
}
