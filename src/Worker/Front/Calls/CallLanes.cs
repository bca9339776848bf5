using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Worker.Front.Calls;

/// <summary>Bounds how many Prompts are called at once. Who comes while all are taken is told to come again.</summary>
internal sealed class CallLanes(IOptions<FrontOptions> options) : IAsyncDisposable
{
    private readonly ConcurrencyLimiter? _limiter = options.Value.Calls == 0
        ? null
        : new(new() { PermitLimit = options.Value.Calls, QueueLimit = 0 });

    /// <summary>Throws <see cref="RefusedRequestException"/> where none are called at all.</summary>
    public void MustBeOpen() => _ = _limiter ?? throw NotCalled();

    /// <summary>
    /// Until disposed; taken when all of the request is there, so that nobody holds one by sending slowly. Throws
    /// <see cref="NoRoomException"/>.
    /// </summary>
    public IDisposable Take()
    {
        var lease = (_limiter ?? throw NotCalled()).AttemptAcquire();
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw new NoRoomException("As many Prompts are being called as Front:Calls allows; try again soon");
    }

    public ValueTask DisposeAsync() => _limiter?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static RefusedRequestException NotCalled() => new(
        StatusCodes.Status501NotImplemented,
        "Prompts are not called here, because Front:Calls is 0; "
        + "call the model yourself, and log it to /v5/prompts/log");
}
