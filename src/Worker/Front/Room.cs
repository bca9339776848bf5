using System.Threading.RateLimiting;

namespace Worker.Front;

/// <summary>
/// Bounds what all requests hold together, whatever their number: a body is read, and a trace shown, by whoever has
/// room for it. Who comes while there is none waits in order of arrival, holding nothing, up to a limit.
/// </summary>
internal sealed class Room : IAsyncDisposable
{
    private const int UnitBytes = 1024;
    private const int Units = 64 * 1024;

    /// <summary>A request is in memory as it came, and as the message that is made of it.</summary>
    private const int Copies = 2;

    /// <summary>Besides its body.</summary>
    private const int UnitsOfARequest = 4;

    private readonly ConcurrencyLimiter _limiter = new(new()
    {
        PermitLimit = Units, QueueLimit = 4 * Units, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>For a body of that many bytes, until disposed. Throws <see cref="NoRoomException"/>.</summary>
    public async Task<IDisposable> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        var units = UnitsOfARequest + (Copies * bytes / UnitBytes);
        var lease = await _limiter.AcquireAsync((int)Math.Min(units, Units), cancellationToken);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw new NoRoomException();
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();
}
