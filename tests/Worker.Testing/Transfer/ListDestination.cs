using Worker.Publishing;
using Worker.Storage;

namespace Worker.Testing.Transfer;

/// <summary>Keeps what is published in a list; may fail after so many messages, as a broker that goes away.</summary>
internal sealed class ListDestination : IMessageDestination
{
    public List<InboxMessage> Messages { get; } = [];

    public int FailsAfter { get; set; } = int.MaxValue;

    public string Name => "a list";

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<(int Index, string Why)>> SendAsync(
        IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken)
    {
        if (Messages.Count + messages.Count > FailsAfter)
            throw new IOException("The list takes no more.");
        Messages.AddRange(messages);
        return Task.FromResult<IReadOnlyList<(int Index, string Why)>>([]);
    }
}
