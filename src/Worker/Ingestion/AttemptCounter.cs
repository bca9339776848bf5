using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Ingestion;

/// <summary>
/// Counts attempts at messages in the store, by what the message is and not by its delivery. A count that an outage
/// made void is taken back; where the store does not take it back now, it does before the message is counted again.
/// </summary>
internal sealed class AttemptCounter(IPoisonStore store, StoreResilience resilience)
{
    private readonly ConcurrentDictionary<string, byte> _forgiven = new(StringComparer.Ordinal);

    /// <summary>The attempts that stand against each of those messages, in their order.</summary>
    public async Task<IReadOnlyList<int>> ReadAsync(
        IReadOnlyList<InboundMessage> messages, CancellationToken cancellationToken)
    {
        var keys = Keys(messages);
        var known = await resilience.ExecuteAsync(
            async token => await store.ReadAsync([.. keys.Distinct()], token), cancellationToken);
        return [.. keys.Select(key => _forgiven.ContainsKey(key) ? 0 : known.GetValueOrDefault(key))];
    }

    /// <summary>Counts one more attempt at each, and returns how many stand against them now, in their order.</summary>
    public async Task<IReadOnlyList<int>> CountAsync(
        IReadOnlyList<InboundMessage> messages, CancellationToken cancellationToken)
    {
        var keys = Keys(messages);
        await TakeBackAsync(keys, cancellationToken);
        var counted = await resilience.ExecuteAsync(
            async token => await store.CountAsync([.. keys.Distinct()], token), cancellationToken);
        return [.. keys.Select(key => counted.GetValueOrDefault(key, 1))];
    }

    public ValueTask ClearAsync(IReadOnlyList<InboundMessage> messages, CancellationToken cancellationToken) =>
        resilience.ExecuteAsync(
            async token => await store.ClearAsync([.. Keys(messages).Distinct()], token), cancellationToken);

    /// <summary>
    /// Nothing was the messages' fault: takes back what was counted against them, at the latest when they are counted
    /// again.
    /// </summary>
    public async Task ForgiveAsync(IReadOnlyList<InboundMessage> messages)
    {
        var keys = Keys(messages);
        try
        {
            await store.ClearAsync([.. keys.Distinct()], CancellationToken.None);
        }
        catch (Exception exception) when (exception is not StoreUnusableException)
        {
            // The fault that brought us here is being told already.
            foreach (var key in keys)
                _forgiven.TryAdd(key, 0);
        }
    }

    public static string KeyOf(InboundMessage message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{message.Type}\n{message.RoutingKey}\n{message.MessageId}\n"));
        hash.AppendData(message.Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static List<string> Keys(IReadOnlyList<InboundMessage> messages) => [.. messages.Select(KeyOf)];

    private async Task TakeBackAsync(List<string> keys, CancellationToken cancellationToken)
    {
        var forgiven = keys.Where(_forgiven.ContainsKey).Distinct().ToList();
        if (forgiven.Count == 0)
            return;
        await store.ClearAsync(forgiven, cancellationToken);
        foreach (var key in forgiven)
            _forgiven.TryRemove(key, out _);
    }
}
