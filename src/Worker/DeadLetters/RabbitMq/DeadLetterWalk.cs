using System.Runtime.CompilerServices;
using RabbitMQ.Client;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.DeadLetters.RabbitMq;

/// <summary>
/// Goes through <c>worker.dead</c> once, from the oldest letter to the newest that stood there at the beginning. What
/// is not removed goes back in its order when the walk ends, however it ends: the broker keeps it until then.
/// </summary>
internal sealed class DeadLetterWalk : IAsyncDisposable
{
    private readonly ConfirmedChannel _channel;
    private readonly TimeProvider _time;

    private DeadLetterWalk(ConfirmedChannel channel, TimeProvider time)
    {
        _channel = channel;
        _time = time;
    }

    /// <summary>How many letters of those that stood there at the beginning are still to come.</summary>
    public uint Left { get; private set; }

    public static async Task<DeadLetterWalk> BeginAsync(
        RabbitMqEndpoint endpoint, TimeProvider time, CancellationToken cancellationToken)
    {
        var channel = await ConfirmedChannel.OpenAsync(endpoint, "worker dead letters", time, cancellationToken);
        var walk = new DeadLetterWalk(channel, time);
        walk.Left = await walk.ReadyAsync(RabbitMqTopology.DeadQueue);
        return walk;
    }

    /// <summary>The letters that are still to come, each with its tag.</summary>
    public async IAsyncEnumerable<(DeadLetter Letter, ulong Tag)> LettersAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await NextAsync() is { } message)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return (DeadLetterMessages.Read(message, _time.GetUtcNow()), message.DeliveryTag);
        }
    }

    /// <summary>Publishes the message that the letter holds; it is done when the broker has confirmed it.</summary>
    public Task RedriveAsync(DeadLetter letter, CancellationToken cancellationToken) => _channel.PublishAsync(
        RabbitMqTopology.LogsExchange,
        BoundedText.Cut(letter.Kind ?? ""),
        DeadLetterMessages.WriteRedriven(letter),
        letter.Body!.Value,
        cancellationToken);

    public Task RemoveAsync(ulong tag) => AskAsync(async () =>
    {
        await _channel.Channel.BasicAckAsync(tag, multiple: false);
        return true;
    });

    /// <summary>How many messages wait in a queue; those that someone holds are not counted.</summary>
    public Task<uint> ReadyAsync(string queue) =>
        AskAsync(async () => (await _channel.Channel.QueueDeclarePassiveAsync(queue)).MessageCount);

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private async Task<BasicGetResult?> NextAsync()
    {
        if (Left == 0)
            return null;
        Left--;
        return await AskAsync(
            async () => await _channel.Channel.BasicGetAsync(RabbitMqTopology.DeadQueue, autoAck: false));
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception.IsBrokerFault())
        {
            throw BrokerFaults.Ended(exception, "RabbitMQ", "nothing is lost, try again");
        }
    }
}
