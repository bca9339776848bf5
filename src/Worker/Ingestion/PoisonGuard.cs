using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Stands between a source and the processing of its chunks. A message that came back too often is processed alone, and its
/// attempts are counted in the store before it is touched; when three have lapsed it is refused as <c>poison</c>. An outage is
/// no lapse: its count is taken back, so that it never condemns anyone.
/// </summary>
internal sealed class PoisonGuard(
    ChunkHandler process, IPoisonStore attempts, IDeadLetterSink deadLetters, StoreResilience resilience, IOptions<PrivacyOptions> privacy)
{
    /// <summary>From this delivery count on a message is processed alone.</summary>
    public const int SuspectFrom = 3;

    /// <summary>Attempts that may lapse.</summary>
    public const int Attempts = 3;

    private readonly ConcurrentDictionary<string, byte> _forgiven = new(StringComparer.Ordinal);

    /// <summary>A suspect has to be a chunk of its own.</summary>
    public static bool IsSuspect(InboundMessage message) => message.DeliveryCount >= SuspectFrom;

    /// <summary>As <see cref="ChunkProcessor.ProcessAsync"/>.</summary>
    public Task<ChunkResult> ProcessAsync(IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken) =>
        chunk is [var only] && IsSuspect(only) ? ProcessSuspectAsync(only, cancellationToken) : process(chunk, cancellationToken);

    private async Task<ChunkResult> ProcessSuspectAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        var key = KeyOf(message);
        var attempt = await CountAsync(key, cancellationToken);
        if (attempt > Attempts)
            return await RefuseAsync(message, key, cancellationToken);

        ChunkResult result;
        try
        {
            result = await process([message], cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or StoreUnusableException || ChunkLapsedException.IsOutageReason(exception))
        {
            await ForgiveAsync(key);
            throw;
        }
        catch (Exception) when (attempt == Attempts)
        {
            return await RefuseAsync(message, key, cancellationToken);
        }

        await resilience.ExecuteAsync(async token => await attempts.ClearAsync(key, token), cancellationToken);
        return result;
    }

    private async Task<int> CountAsync(string key, CancellationToken cancellationToken)
    {
        if (_forgiven.ContainsKey(key))
        {
            await attempts.ClearAsync(key, cancellationToken);
            _forgiven.TryRemove(key, out _);
        }

        return await resilience.ExecuteAsync(async token => await attempts.CountAsync(key, token), cancellationToken);
    }

    private async Task<ChunkResult> RefuseAsync(InboundMessage message, string key, CancellationToken cancellationToken)
    {
        await deadLetters.SendAsync([LetterOf(message)], cancellationToken);
        await resilience.ExecuteAsync(async token => await attempts.ClearAsync(key, token), cancellationToken);
        return new ChunkResult { Refused = 1 };
    }

    // Where the store does not take the count back now, it does before the message is counted again.
    private async Task ForgiveAsync(string key)
    {
        try
        {
            await attempts.ClearAsync(key, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            _forgiven.TryAdd(key, 0);
        }
    }

    // Nothing here reads the body as JSON: whatever it is that ends the worker must not happen while refusing it.
    private DeadLetter LetterOf(InboundMessage message)
    {
        var kind = MessageTypes.Find(message.Type) ?? MessageTypes.Find(message.RoutingKey) ?? MessageTypes.Find(message.DeathRoutingKey);
        var refusal = new Refusal(
            RefusalReason.Poison,
            null,
            $"The message was delivered {message.DeliveryCount + 1} times and {Attempts} attempts at it alone did not end; look at the worker's log before it is redriven.");
        return DeadLetterFactory.Create(
            new(message, kind, null, refusal), refusal, withheld: !privacy.Value.KeepUnreadable || MayAskNotToBeSaved(message.Body.Span));
    }

    private static bool MayAskNotToBeSaved(ReadOnlySpan<byte> body)
    {
        for (var at = body.IndexOf("\"save\""u8); at >= 0; at = body.IndexOf("\"save\""u8))
        {
            body = body[(at + "\"save\""u8.Length)..].TrimStart(" \t\r\n:"u8);
            if (!body.StartsWith("true"u8) && !body.StartsWith("null"u8))
                return true;
        }

        return false;
    }

    private static string KeyOf(InboundMessage message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{message.Type}\n{message.RoutingKey}\n{message.MessageId}\n"));
        hash.AppendData(message.Body.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
