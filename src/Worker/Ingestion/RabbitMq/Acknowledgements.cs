using RabbitMQ.Client;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// Which deliveries of a channel are acknowledged. A cumulative acknowledgement covers what is done and nothing else:
/// it is used where nothing older is open, and each message is acknowledged by itself while something is.
/// </summary>
internal sealed class Acknowledgements(IChannel channel)
{
    private readonly HashSet<long> _ahead = [];
    private long _next = 1;

    /// <param name="messages">In the order of their tags.</param>
    public async Task AcknowledgeAsync(IReadOnlyList<InboundMessage> messages)
    {
        var (first, last) = (messages[0].Tag, messages[^1].Tag);
        if (first == _next && last - first + 1 == messages.Count)
        {
            _next = last + 1;
            await channel.BasicAckAsync((ulong)last, multiple: true, CancellationToken.None);
        }
        else
        {
            foreach (var message in messages)
                _ahead.Add(message.Tag);
            foreach (var message in messages)
                await channel.BasicAckAsync((ulong)message.Tag, multiple: false, CancellationToken.None);
        }

        while (_ahead.Remove(_next))
            _next++;
    }

    /// <summary>Everything up to that tag was given back, or acknowledged before.</summary>
    public void ReturnedUpTo(ulong tag)
    {
        _next = (long)tag + 1;
        _ahead.Clear();
    }
}
