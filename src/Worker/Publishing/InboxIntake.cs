using Worker.Errors;
using Worker.Storage;
using Worker.Telemetry;

namespace Worker.Publishing;

/// <summary>Into the local inbox. Whatever waits while the file is busy becomes one transaction.</summary>
internal sealed class InboxIntake(IInbox inbox, InboxSignal signal, StoreResilience resilience) : IMessageIntake
{
    public string Name => "the inbox in " + inbox.Description;

    public async Task TakeAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        if (message.TraceParent is null && RemoteSpan.Here is { } traceParent)
            message = message with { TraceParent = traceParent };
        try
        {
            await resilience.ExecuteAsync(
                async token => await inbox.AppendAsync([message], token), cancellationToken);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreUnusableException)
        {
            throw new NotTakenException(exception.Message, exception);
        }

        signal.Set();
    }
}
