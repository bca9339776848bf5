using Worker.Errors;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Stands between a source and the processing of its chunks, so that no message stops another. What throws is found in
/// process: the chunk is split until the messages that fail alone are known, and those are refused as <c>poison</c>
/// after three tries. What ends the worker is known by its return: a suspect is counted in the store before it is
/// touched, at first together with other suspects, then alone. An outage, or a store that fails for every message
/// alike, condemns nobody.
/// </summary>
internal sealed partial class PoisonGuard(
    ChunkHandler process,
    AttemptCounter attempts,
    DeadLetterWriter letters,
    StoreEvidence evidence,
    IStore store,
    ILogger<PoisonGuard> logger)
{
    /// <summary>Attempts at one message.</summary>
    public const int Attempts = 3;

    private static readonly string PoisonReason = RefusalReason.Poison.WireName();

    /// <summary>
    /// As <see cref="ChunkProcessor.ProcessAsync"/>. Suspects come in chunks of their own, and nothing else is in hand
    /// beside them.
    /// </summary>
    public Task<ProcessedChunk> ProcessAsync(
        IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken) =>
        chunk[0].IsSuspect
            ? ProcessSuspectsAsync(chunk, cancellationToken)
            : ProcessOrSplitAsync(chunk, cancellationToken);

    /// <summary>
    /// The letters of those messages are durable. Only now are attempts forgotten: one whose letter is lost with the
    /// worker is refused again, untouched, and one that is redriven later is tried anew.
    /// </summary>
    public async Task LettersSentAsync(IReadOnlyList<RefusedMessage> refused, CancellationToken cancellationToken)
    {
        var condemned = refused.Where(one => one.Letter.Reason == PoisonReason).Select(one => one.Message).ToList();
        if (condemned.Count > 0)
            await attempts.ClearAsync(condemned, cancellationToken);
    }

    private async Task<ProcessedChunk> ProcessSuspectsAsync(
        IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken)
    {
        var known = await attempts.ReadAsync(chunk, cancellationToken);
        var done = ProcessedChunk.Nothing;

        // Those that something was counted against have been in hand when a worker ended: each alone, so that it is
        // known which.
        foreach (var (message, count) in chunk.Zip(known).Where(suspect => suspect.Second > 0))
        {
            done += count >= Attempts
                ? await RefuseAsync(message, fault: null, cancellationToken)
                : await TryAgainAsync(message, fault: null, cancellationToken);
        }

        var others = chunk.Zip(known).Where(suspect => suspect.Second == 0).Select(suspect => suspect.First).ToList();
        if (others.Count == 0)
            return done;
        await CountAsync(others, cancellationToken);
        done += await UnlessOutageAsync(
            others, () => ProcessOrSplitAsync(others, cancellationToken), cancellationToken);
        await attempts.ClearAsync(others, cancellationToken);
        return done;
    }

    private async Task<ProcessedChunk> ProcessOrSplitAsync(
        IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken)
    {
        try
        {
            var processed = await process(chunk, cancellationToken);
            evidence.Taken(processed.Result);
            return processed;
        }
        catch (Exception fault) when (IsFault(fault, cancellationToken))
        {
            return await SplitAsync(chunk, fault, cancellationToken);
        }
    }

    private async Task<ProcessedChunk> SplitAsync(
        IReadOnlyList<InboundMessage> chunk, Exception fault, CancellationToken cancellationToken)
    {
        var (done, failed) = await Bisection.RunAsync(
            chunk, fault, process, exception => IsFault(exception, cancellationToken), cancellationToken);
        evidence.Taken(done.Result);
        if (done.Result.Taken == 0 && await IsStoresFaultAsync(failed, cancellationToken))
            throw StoreFault(failed.Count, failed[0].Fault);

        foreach (var one in failed)
        {
            // The try that has failed counts as well.
            await CountAsync([one.Message], cancellationToken);
            done += await TryAgainAsync(one.Message, one.Fault, cancellationToken);
        }

        return done;
    }

    /// <summary>
    /// Tries a message alone until it is taken or has been tried <see cref="Attempts"/> times, each counted before.
    /// </summary>
    /// <param name="fault">How the last try failed; null when it ended the worker.</param>
    private async Task<ProcessedChunk> TryAgainAsync(
        InboundMessage message, Exception? fault, CancellationToken cancellationToken)
    {
        while (await CountAsync([message], cancellationToken) is [<= Attempts and var attempt])
        {
            try
            {
                var processed = await UnlessOutageAsync(
                    [message], () => process([message], cancellationToken), cancellationToken);
                evidence.Taken(processed.Result);
                await attempts.ClearAsync([message], cancellationToken);
                return processed;
            }
            catch (Exception exception) when (IsFault(exception, cancellationToken))
            {
                fault = exception;
                if (attempt == Attempts)
                    break;
            }
        }

        return await RefuseAsync(message, fault, cancellationToken);
    }

    private async Task<ProcessedChunk> RefuseAsync(
        InboundMessage message, Exception? fault, CancellationToken cancellationToken)
    {
        var kind = MessageTypes.Find(message.Type) ?? MessageTypes.Find(message.RoutingKey) ?? MessageTypes.Find(
            message.DeathRoutingKey);
        var refused = await letters.WriteAsync([new(message, kind, null, Poison(fault))], cancellationToken);
        MessageCondemned(fault, kind?.WireName() ?? "unknown", message.Body.Length, Attempts);
        return new(new ChunkResult { Refused = 1 }, refused);
    }

    private static Refusal Poison(Exception? fault)
    {
        const string Advice = "look at the worker's log before it is redriven.";
        return fault is null
            ? new(
                RefusalReason.Poison, null, $"Workers ended {Attempts} times while they were at this message; {Advice}")
            : new(
                RefusalReason.Poison,
                null,
                $"Alone it failed {Attempts} times ({fault.GetType().Name}: {fault.Message}); {Advice}")
            {
                DetailWithoutContent = $"Alone it failed {Attempts} times ({fault.GetType().Name}); {Advice}",
            };
    }

    /// <summary>
    /// A single message that fails has no neighbours to compare with: then the store itself is asked.
    /// </summary>
    private async Task<bool> IsStoresFaultAsync(
        IReadOnlyList<FailedMessage> failed, CancellationToken cancellationToken)
    {
        if (failed.Count > 1)
            return evidence.IsStoresFault(failed);
        try
        {
            await store.ProbeAsync(cancellationToken);
            return false;
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken))
        {
            return true;
        }
    }

    private async Task<IReadOnlyList<int>> CountAsync(
        List<InboundMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            return await attempts.CountAsync(messages, cancellationToken);
        }
        catch (Exception fault) when (IsFault(fault, cancellationToken))
        {
            // Counting reads nothing of a message but its hash.
            await attempts.ForgiveAsync(messages);
            throw StoreFault(messages.Count, fault);
        }
    }

    private async Task<T> UnlessOutageAsync<T>(
        IReadOnlyList<InboundMessage> counted, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (!IsFault(exception, cancellationToken))
        {
            await attempts.ForgiveAsync(counted);
            throw;
        }
    }

    private StoreFaultException StoreFault(int messages, Exception fault) => new(
        $"The store ({store.Description}) fails for all {messages} messages alike " +
        $"({fault.GetType().Name}: {fault.Message}): look at the store; no message is refused for it.",
        fault);

    private static bool IsFault(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        StoreUnusableException => false,
        _ => !ChunkLapsedException.IsOutageReason(exception),
    };

    [LoggerMessage(LogLevel.Error, "A {Kind} message of {Bytes} bytes was refused as poison after {Attempts} attempts")]
    private partial void MessageCondemned(Exception? fault, string kind, int bytes, int attempts);
}
