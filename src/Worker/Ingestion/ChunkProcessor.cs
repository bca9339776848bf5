using Microsoft.Extensions.Options;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Decodes a chunk, folds the messages of each Log, merges them into what is stored, links, wakes what is complete above,
/// and sends what can never succeed to the dead letters. Source-neutral: called by RabbitMQ's and the inbox's service.
/// </summary>
internal sealed class ChunkProcessor(
    LogWriter writer,
    TraceWaker waker,
    IRunStore runs,
    IDeadLetterSink deadLetters,
    StoreResilience resilience,
    IOptions<IngestionOptions> ingestion,
    IOptions<PrivacyOptions> privacy)
{
    private readonly MessageDecoder _decoder = new(ingestion.Value.MaxMessageBytes);

    /// <summary>
    /// On return everything is durable and the whole chunk may be acknowledged. Throws
    /// <see cref="StoreUnavailableException"/> when the store did not answer (after retries), and whatever the
    /// dead-letter sink throws: the chunk may then be given again, in whole or in part.
    /// Messages in it are in the order of their tags.
    /// </summary>
    public async Task<ChunkResult> ProcessAsync(IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken)
    {
        var decoded = new List<DecodedMessage>(chunk.Count);
        foreach (var inbound in chunk)
            decoded.Add(_decoder.Decode(inbound));

        // Each step may be repeated: a merge that is done twice changes nothing, and a wake is free to repeat.
        var folds = await resilience.ExecuteAsync(token => StoreAsync(decoded, token), cancellationToken);
        var letters = Letters(decoded, folds);
        if (letters.Count > 0)
            await deadLetters.SendAsync(letters, cancellationToken);
        return Count(folds, letters.Count);
    }

    private async ValueTask<IReadOnlyList<LogFold>> StoreAsync(List<DecodedMessage> decoded, CancellationToken cancellationToken)
    {
        var folds = decoded.Where(message => message.Message is not null)
            .GroupBy(message => message.Message!.LogId, StringComparer.Ordinal)
            .Select(messages => new LogFold(messages.Key, [.. messages]))
            .ToList();
        if (folds.Count == 0)
            return folds;

        var (written, resolved) = await writer.WriteAsync(folds, cancellationToken);
        var deleted = written.Where(fold => fold.After is { IsDeleted: true }).Select(fold => fold.LogId).ToHashSet(StringComparer.Ordinal);
        if (deleted.Count > 0)
            await runs.DropAsync(deleted, cancellationToken);
        await waker.WakeAsync([.. written.Select(fold => fold.After).OfType<Log>(), .. resolved], cancellationToken);
        return written;
    }

    private List<DeadLetter> Letters(List<DecodedMessage> decoded, IReadOnlyList<LogFold> folds)
    {
        var letters = new List<DeadLetter>();
        foreach (var message in decoded.Where(message => message.Refusal is not null))
        {
            var isUnreadable = message.Refusal!.Reason is RefusalReason.MalformedJson or RefusalReason.NotAnObject or RefusalReason.TooDeep;
            var withheld = message.Withheld || (isUnreadable && !privacy.Value.KeepUnreadable);
            letters.Add(DeadLetterFactory.Create(message, message.Refusal, withheld));
        }

        foreach (var fold in folds)
        {
            for (var i = 0; i < fold.Messages.Count; i++)
            {
                if (fold.Results[i].Refusal is { } refusal)
                    letters.Add(DeadLetterFactory.Create(fold.Messages[i], refusal, fold.Messages[i].Withheld || fold.After is { Withheld: true }));
            }
        }

        return letters;
    }

    private static ChunkResult Count(IReadOnlyList<LogFold> folds, int refused)
    {
        var counts = new int[Enum.GetValues<MergeOutcome>().Length];
        foreach (var result in folds.SelectMany(fold => fold.Results))
            counts[(int)result.Outcome]++;
        return new(
            counts[(int)MergeOutcome.Stored],
            counts[(int)MergeOutcome.Unchanged],
            counts[(int)MergeOutcome.Collapsed],
            counts[(int)MergeOutcome.Absorbed],
            refused);
    }
}
