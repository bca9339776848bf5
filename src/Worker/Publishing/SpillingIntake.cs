using Worker.Storage;

namespace Worker.Publishing;

/// <summary>
/// To the broker; what it does not take is kept in the local inbox, in order of arrival, and so is everything that
/// comes until it has taken all of that. A message of which the broker may have a copy is sent again, which changes
/// nothing. Refused is only what has no room, and it was sent nowhere.
/// </summary>
internal sealed partial class SpillingIntake(
    IMessageIntake broker, IMessageIntake inbox, Spill spill, ILogger<SpillingIntake> logger) : IMessageIntake
{
    public string Name => broker.Name;

    public Task TakeAsync(InboxMessage message, CancellationToken cancellationToken) =>
        spill.IsEnabled ? TakeOrKeepAsync(message, cancellationToken) : broker.TakeAsync(message, cancellationToken);

    private async Task TakeOrKeepAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var bytes = message.Body.Length;
        spill.Reserve(bytes);
        if (spill.IsInUse)
        {
            await KeepAsync(message, refusal: null);
            return;
        }

        try
        {
            await broker.TakeAsync(message, cancellationToken);
        }
        catch (NotTakenException refusal)
        {
            await KeepAsync(message, refusal);
            return;
        }
        catch
        {
            spill.Release(bytes);
            throw;
        }

        spill.Release(bytes);
    }

    /// <param name="refusal">Why it is kept; null where others are.</param>
    private async Task KeepAsync(InboxMessage message, NotTakenException? refusal)
    {
        var bytes = message.Body.Length;
        var isKept = false;
        if (spill.Begin(bytes) && refusal is not null)
            SpillBegan(inbox.Name, refusal.Message);
        try
        {
            await inbox.TakeAsync(message, CancellationToken.None);
            isKept = true;
        }
        catch (NotTakenException exception) when (refusal is not null)
        {
            throw new NotTakenException(
                $"{refusal.Message.TrimEnd('.')}, and {inbox.Name} does not take it either: {exception.Message}",
                exception)
            {
                MayBeTaken = refusal.MayBeTaken,
            };
        }
        finally
        {
            spill.End(bytes, isKept);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What is logged is kept in {Inbox} until the broker takes it: {Reason}")]
    private partial void SpillBegan(string inbox, string reason);
}
