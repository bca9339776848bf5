using System.Text.Json;

namespace Worker.Models;

/// <summary>Ends a call that takes too long, and tells that from whatever else ends one.</summary>
internal sealed class CallClock : IDisposable
{
    private readonly ChatCall _call;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _piece;
    private readonly CancellationTokenSource _whole;
    private readonly CancellationTokenSource _all;

    /// <param name="pieces">How many times as long as a piece all of it may take.</param>
    /// <param name="caller">Cancelled where nobody wants the answer any more.</param>
    public CallClock(ChatCall call, int pieces, TimeProvider time, CancellationToken caller)
    {
        _call = call;
        _caller = caller;
        _piece = new(call.Timeout, time);
        _whole = new(call.Timeout * pieces, time);
        _all = CancellationTokenSource.CreateLinkedTokenSource(_piece.Token, _whole.Token, caller);
    }

    public CancellationToken Token => _all.Token;

    /// <summary>The next piece may take as long as the first.</summary>
    public void Wind() => _piece.CancelAfter(_call.Timeout);

    /// <summary>Nobody waits for the provider.</summary>
    public void Stop() => _piece.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>What a fault of the call says of the provider; null where it says nothing of that.</summary>
    public ModelCallException? Meant(Exception fault) => fault switch
    {
        _ when _caller.IsCancellationRequested => null,
        ModelCallException meant => meant,
        OperationCanceledException when _all.IsCancellationRequested => new(
            ModelFault.Late,
            $"{_call.Provider} took longer than {_call.Timeout:c} for an answer or a piece of one, or too long for all",
            cause: fault),
        HttpRequestException or IOException => new(
            ModelFault.Failed, $"The connection to {_call.Provider} failed: {fault.Message}", cause: fault),
        InvalidDataException or JsonException or ArgumentException or InvalidOperationException => new(
            ModelFault.Failed,
            $"{_call.Provider} answered what cannot be read: {_call.Provider.Hide(fault.Message)}",
            cause: fault),
        _ => null,
    };

    public void Dispose()
    {
        _all.Dispose();
        _piece.Dispose();
        _whole.Dispose();
    }
}
