namespace Worker.Client;

/// <summary>Where calls go.</summary>
internal interface IBroker : IAsyncDisposable
{
    /// <summary>
    /// Sends all of them, connecting first where it has to. What is confirmed is durable there and on its way to a
    /// worker; of what is not it cannot be known, so it is sent again. Throws nothing, and ends soon after the token
    /// fires.
    /// </summary>
    Task<PublishOutcome> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken);
}
