using Microsoft.AspNetCore.Http;
using Worker.Publishing;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// Takes requests in: what cannot be is refused, everything else is durable before it is answered, and nobody waits for
/// the worker that will read it. What is to happen to a message that the broker does not take is decided by the intake.
/// </summary>
internal sealed class Reception(IMessageIntake intake, StoredLogs stored, RecentWrites recent, Outage outage)
{
    /// <summary>
    /// Returns when it is taken. Throws <see cref="NotTakenException"/>, and <see cref="RefusedRequestException"/>
    /// where what is stored does not bear it.
    /// </summary>
    public async Task<TakenLog> TakeAsync(LogRequest request, Caller caller)
    {
        // Before it is taken: whatever fails here, nothing was.
        var taken = await CheckAsync(request, caller);
        await SendAsync(request);
        return taken;
    }

    /// <summary>
    /// As it would be taken, and nothing is. Throws <see cref="RefusedRequestException"/> where what is stored does not
    /// bear it.
    /// </summary>
    public async Task<TakenLog> CheckAsync(LogRequest request, Caller caller)
    {
        var known = request.IsNamed ? await stored.FindAsync(request.Said.LogId) : null;
        var merged = LogMerge.Apply(known, request.Said);
        if (merged.Refusal is { } refusal)
            throw new RefusedRequestException(StatusCodes.Status409Conflict, refusal.Detail);
        if (merged.Outcome == MergeOutcome.Absorbed)
            throw new RefusedRequestException(
                request.Said.Kind.IsUpdate() ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict,
                $"The Log {request.Said.LogId} was deleted; log under another id");

        var taken = await stored.ResolveAsync(merged.Log!, known);
        if (caller.IsConfined)
            await MustCoverAsync(caller, request, taken);
        return taken;
    }

    public async Task SendAsync(LogRequest request)
    {
        await SendAsync(request.Message, $"sent again with log_id {request.Said.LogId}, it is one Log");
        recent.Add(RecentWrite.Of(request.Said));
    }

    /// <summary>Not cancelled by a client that goes away: it would leave the message half sent.</summary>
    /// <param name="repeated">What becomes of it when it is sent again, where it may have been taken.</param>
    public async Task SendAsync(InboxMessage message, string repeated)
    {
        try
        {
            await intake.TakeAsync(message, CancellationToken.None);
            outage.Ended();
        }
        catch (NotTakenException exception)
        {
            outage.Began(exception.Message);
            if (!exception.MayBeTaken)
                throw;
            throw new NotTakenException(
                $"{exception.Message.TrimEnd('.')}. It may have been taken all the same: {repeated}", exception);
        }
    }

    /// <summary>
    /// Neither a Log that is stored at a path of others is taken over, nor one logged to such a path. An update of a
    /// Log that is not stored yet, and names no File, is let pass: it is one that this caller has just logged.
    /// </summary>
    private async Task MustCoverAsync(Caller caller, LogRequest request, TakenLog taken)
    {
        var isKnown = request.IsNamed && await stored.ExistsAsync(request.Said.LogId);
        if (isKnown)
            caller.MustCover(await stored.PathOfAsync(request.Said.LogId));
        if (!request.Said.Kind.IsUpdate() || isKnown || taken.Path is not null)
            caller.MustCover(taken.Path);
    }
}
