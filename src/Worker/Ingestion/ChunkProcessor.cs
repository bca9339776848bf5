using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Files;
using Worker.Masking;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// Decodes a chunk, folds the messages of each Log, merges them into what is stored, links, wakes what is complete
/// above, and writes a letter for what can never succeed. Knows no source: called for RabbitMQ's messages and the
/// inbox's alike.
/// </summary>
internal sealed class ChunkProcessor(
    FileWriter files,
    LogWriter writer,
    TraceWaker waker,
    PostedVerdicts verdicts,
    IRunStore runs,
    DeadLetterWriter letters,
    StoreResilience resilience,
    Conversations conversations,
    Masker masker,
    MaskingMetrics masking,
    IOptions<IngestionOptions> ingestion)
{
    private static readonly Refusal MovedLetter = new(
        RefusalReason.Poison, null, "A withheld letter has no body to be read.");

    private readonly MessageDecoder _decoder = new(ingestion.Value.MaxMessageBytes, masker);

    /// <summary>
    /// On return all that was not refused is durable. Throws <see cref="StoreUnavailableException"/> when the store did
    /// not answer (after retries): the chunk may then be given again, in whole or in part. Messages in it are in the
    /// order of their tags.
    /// </summary>
    public async Task<ProcessedChunk> ProcessAsync(
        IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken)
    {
        var decoded = new List<DecodedMessage>(chunk.Count);
        foreach (var inbound in chunk)
            decoded.Add(inbound.Letter is null ? _decoder.Decode(inbound) : new(inbound, null, null, MovedLetter));

        Converse(decoded);

        // Each step may be repeated: a merge that is done twice changes nothing, and a wake is free to repeat.
        var aboutFiles = await resilience.ExecuteAsync(token => StoreFilesAsync(decoded, token), cancellationToken);
        var folds = await resilience.ExecuteAsync(token => StoreAsync(decoded, token), cancellationToken);
        var refused = await letters.WriteAsync(Refused(decoded, folds), cancellationToken);
        decoded.ForEach(message => masking.Add(message.Masked));
        return new(Count(folds, refused.Count) + aboutFiles, refused);
    }

    /// <summary>Puts Flow Logs into their conversations, and adds what is thereby said of these.</summary>
    private void Converse(List<DecodedMessage> decoded)
    {
        for (var i = decoded.Count - 1; i >= 0; i--)
        {
            if (decoded[i].Message is not { } message || conversations.Of(message) is not { } said)
                continue;
            decoded[i] = decoded[i] with { Message = message with { ConversationId = said.LogId } };
            decoded.Add(new(decoded[i].Inbound, said.Kind, said, null) { LogId = said.LogId, IsConcluded = true });
        }
    }

    /// <summary>Before the Logs of the chunk, so that these find what is there.</summary>
    private async ValueTask<ChunkResult> StoreFilesAsync(
        List<DecodedMessage> decoded, CancellationToken cancellationToken)
    {
        var changes = decoded.Select(message => message.File).OfType<FileChange>().ToList();
        var unchanged = await files.WriteAsync(changes, cancellationToken);
        return new() { Stored = changes.Count - unchanged, Unchanged = unchanged };
    }

    private async ValueTask<IReadOnlyList<LogFold>> StoreAsync(
        List<DecodedMessage> decoded, CancellationToken cancellationToken)
    {
        var folds = Fold(decoded);
        if (folds.Count == 0)
            return folds;

        using var span = ChunkSpan.StartMerge(folds.Count);
        var (written, resolved) = await writer.WriteAsync(folds, cancellationToken);
        var deleted = written.Where(fold => fold.After is { IsDeleted: true }).Select(fold => fold.LogId).ToHashSet(
            StringComparer.Ordinal);

        // What was said of workers' own verdicts is found by these, which go with the runs.
        await verdicts.DropAsync(written, cancellationToken);
        if (deleted.Count > 0)
            await runs.DropAsync(deleted, cancellationToken);
        await waker.WakeAsync([.. written.Select(fold => fold.After).OfType<Log>(), .. resolved], cancellationToken);
        return written;
    }

    /// <summary>One for each Log, in the order in which they first occur.</summary>
    private static List<LogFold> Fold(List<DecodedMessage> decoded)
    {
        var folds = new List<LogFold>(decoded.Count);
        var byLog = new Dictionary<string, LogFold>(decoded.Count, StringComparer.Ordinal);
        foreach (var message in decoded)
        {
            if (message.Message is not { LogId: var logId })
                continue;
            if (byLog.TryGetValue(logId, out var fold))
                fold.Messages.Add(message);
            else
                folds.Add(byLog[logId] = new LogFold(logId, [message]));
        }

        return folds;
    }

    private static List<DecodedMessage> Refused(List<DecodedMessage> decoded, IReadOnlyList<LogFold> folds)
    {
        var refused = decoded.Where(message => message.Refusal is not null).ToList();
        foreach (var fold in folds)
        {
            for (var i = 0; i < fold.Results.Length; i++)
            {
                var message = fold.Messages[i];
                if (fold.Results[i].Refusal is { } refusal && !message.IsConcluded)
                {
                    var isWithheld = message.Withheld || fold.After is { Withheld: true };
                    refused.Add(message with { Refusal = refusal, Withheld = isWithheld });
                }
            }
        }

        return refused;
    }

    private static ChunkResult Count(IReadOnlyList<LogFold> folds, int refused)
    {
        var counts = new int[Enum.GetValues<MergeOutcome>().Length];
        foreach (var fold in folds)
        {
            for (var i = 0; i < fold.Results.Length; i++)
            {
                if (!fold.Messages[i].IsConcluded)
                    counts[(int)fold.Results[i].Outcome]++;
            }
        }

        return new(
            counts[(int)MergeOutcome.Stored],
            counts[(int)MergeOutcome.Unchanged],
            counts[(int)MergeOutcome.Collapsed],
            counts[(int)MergeOutcome.Absorbed],
            refused);
    }
}
