using Worker.Diagnostics;

namespace Worker.Ingestion;

/// <summary>Refused messages that wait for their letters while no letter gets through.</summary>
internal sealed class HeldLettersSign(IngestionMetrics account, ChunkDrain drain, TimeProvider time) : IStallSign
{
    private readonly Standstill _letters = new(time);

    public Task<Stall?> LookAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        var waiting = drain.LettersWaiting;
        var length = _letters.Observe(waiting > 0, account.Totals.Refused);
        return Task.FromResult(length < after
            ? null
            : new Stall(
                $"Dead letters wait to be confirmed, {waiting} of them, and none was for {Standstill.Text(length)}"));
    }
}
