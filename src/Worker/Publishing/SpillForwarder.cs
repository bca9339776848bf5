using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Publishing;

/// <summary>
/// Sends to the broker what waits in the local inbox, the oldest first, and removes what is confirmed: what was kept
/// while the broker was away, and what was published before there was one. Two processes that share the file may send a
/// message twice, which changes nothing.
/// </summary>
internal sealed partial class SpillForwarder(
    IInbox inbox,
    InboxSignal signal,
    IMessageIntake broker,
    Spill spill,
    IOptions<IngestionOptions> options,
    TimeProvider time,
    ILogger<SpillForwarder> logger) : BackgroundService
{
    private const int PageSize = 500;

    /// <summary>How soon the broker is tried again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How soon another process's message is noticed; this process's own are signalled.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly InFlightLimit _page = new(PageSize, PageSize, options.Value.MaxMessageBytes);
    private long _forwarded;
    private bool _isFaulty;

    /// <summary>
    /// The broker is taken to be away. Then the oldest message is tried alone: of several, those behind would overtake
    /// it where the broker came back in between.
    /// </summary>
    private bool _isAway = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await CountAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is StoreUnavailableException or StoreUnusableException)
            {
                if (!_isFaulty)
                    SpillNotRead(inbox.Description, exception.Message);
                _isFaulty = true;
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    /// <summary>Before anything else is taken behind it, as far as can be.</summary>
    private async Task CountAsync(CancellationToken cancellationToken)
    {
        if (!inbox.Exists)
            return;
        try
        {
            var size = await inbox.SizeAsync(cancellationToken);
            spill.Found(size);
            if (size.Messages > 0)
                SpillFound(size.Messages, inbox.Description);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreUnusableException)
        {
            // Its bytes are not counted then; it is forwarded all the same.
            SpillNotRead(inbox.Description, exception.Message);
            _isFaulty = true;
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        var page = inbox.Exists ? await inbox.PeekAsync(0, _isAway ? 1 : _page.Current, cancellationToken) : [];
        _isFaulty = false;
        if (page.Count == 0)
        {
            _isAway = true;
            if (spill.SeenEmpty() && Interlocked.Exchange(ref _forwarded, 0) is > 0 and var forwarded)
                SpillEmptied(forwarded, broker.Name);
            await signal.WaitAsync(Poll, time, cancellationToken);
            return;
        }

        _page.Observe(page.Count, page.Sum(message => (long)message.Body.Length));
        _isAway = !await ForwardAsync(page, cancellationToken);
        if (_isAway)
            await Task.Delay(Pause, time, cancellationToken);
    }

    /// <summary>Returns whether the broker took all of them.</summary>
    private async Task<bool> ForwardAsync(IReadOnlyList<InboxMessage> page, CancellationToken cancellationToken)
    {
        var sending = page.Select(message => broker.TakeAsync(message, cancellationToken)).ToList();
        await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var taken = page.Where((_, index) => sending[index].IsCompletedSuccessfully).ToList();
        if (taken.Count > 0)
        {
            await inbox.RemoveAsync([.. taken.Select(message => message.Position)], CancellationToken.None);
            spill.Forwarded(taken.Count, taken.Sum(message => (long)message.Body.Length), taken[^1].ReceivedAt);
            _forwarded += taken.Count;
        }

        foreach (var failed in sending.Where(task => task.Exception is { InnerException: not NotTakenException }))
            await failed;

        return taken.Count == page.Count;
    }

    [LoggerMessage(
        LogLevel.Information, "{Messages} messages wait in {Inbox} for the broker, and are sent to it first")]
    private partial void SpillFound(long messages, string inbox);

    [LoggerMessage(LogLevel.Information, "What was kept is sent: {Messages} messages are with {Broker}")]
    private partial void SpillEmptied(long messages, string broker);

    [LoggerMessage(
        LogLevel.Warning, "What waits for the broker in {Inbox} cannot be read, and is tried again: {Reason}")]
    private partial void SpillNotRead(string inbox, string reason);
}
