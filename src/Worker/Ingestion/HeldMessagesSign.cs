using Worker.Diagnostics;

namespace Worker.Ingestion;

/// <summary>
/// Messages that are held while none is settled or given back. The drain gives back within a minute what a store or
/// broker does not take, so neither makes this sign; a drain that hangs does. Those that wait for their letters are
/// <see cref="HeldLettersSign"/>'s.
/// </summary>
internal sealed class HeldMessagesSign(IngestionMetrics account, ChunkDrain drain, TimeProvider time) : IStallSign
{
    private readonly Standstill _messages = new(time);

    public Task<Stall?> LookAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        var totals = account.Totals;
        var held = totals.InHand - drain.LettersWaiting;
        var length = _messages.Observe(held > 0, totals.Settled + totals.Returned);
        return Task.FromResult(length < after
            ? null
            : new Stall(
                $"The worker holds {held} messages and has settled none for {Standstill.Text(length)}",
                IsOfProcess: true));
    }
}
