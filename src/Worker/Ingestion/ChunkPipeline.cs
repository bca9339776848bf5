using System.Threading.Channels;
using Worker.Errors;

namespace Worker.Ingestion;

/// <summary>
/// One pass over a source, until it ends or a chunk lapses: begins chunks while those before them are being written, so
/// that the store always has one to write, and settles them in their order, each message once it is durable or its
/// letter is. A suspect chunk is in hand alone.
/// </summary>
internal sealed class ChunkPipeline(
    IChunkSource source,
    PoisonGuard guard,
    LetterDesk letters,
    LetterLimit limit,
    SourceLedger ledger,
    IngestionMetrics account,
    string store,
    TimeProvider time)
{
    /// <summary>Chunks that are begun and not settled, at most.</summary>
    public const int ChunksInHand = 3;

    /// <summary>
    /// A chunk whose oldest message is held longer is given up: nothing stays unacknowledged for a minute.
    /// </summary>
    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(50);

    /// <summary>How long a stopping worker waits for letters that are on their way.</summary>
    private static readonly TimeSpan LastLetters = TimeSpan.FromSeconds(5);

    /// <summary>Throws <see cref="ChunkLapsedException"/>, or what the source throws.</summary>
    /// <param name="stopping">No more chunks are begun; those in hand are finished.</param>
    /// <param name="abandon">Not even that.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var begun = Channel.CreateBounded<(HeldChunk Chunk, Task<ProcessedChunk> Result)>(ChunksInHand - 1);
        var settling = SettleAsync(begun.Reader, failed);
        try
        {
            await BeginAsync(begun.Writer, failed.Token, abandon);
        }
        catch (OperationCanceledException) when (failed.IsCancellationRequested)
        {
            // What failed is thrown by the settling; else it is the stop.
        }
        finally
        {
            begun.Writer.TryComplete();
            await settling;
        }

        await SendLastLettersAsync(abandon);
    }

    private async Task BeginAsync(
        ChannelWriter<(HeldChunk Chunk, Task<ProcessedChunk> Result)> begun,
        CancellationToken cancellationToken,
        CancellationToken abandon)
    {
        var (previous, alone) = (Task.CompletedTask, false);
        while (true)
        {
            await RoomForLettersAsync(cancellationToken);
            var chunk = await source.NextAsync(cancellationToken);
            await begun.WaitToWriteAsync(cancellationToken);
            var wasAlone = alone;
            alone = chunk.Messages[0].IsSuspect;
            if (alone || wasAlone)
                await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            account.ChunkBegan(chunk);
            var result = ProcessAsync(chunk, abandon);
            begun.TryWrite((chunk, result));
            previous = previous.IsCompleted ? result : Task.WhenAll(previous, result);
        }
    }

    private async Task SettleAsync(
        ChannelReader<(HeldChunk Chunk, Task<ProcessedChunk> Result)> begun, CancellationTokenSource failed)
    {
        try
        {
            await foreach (var (chunk, result) in begun.ReadAllAsync(CancellationToken.None))
            {
                await SettleAsync(chunk, await result);
                account.ChunkEnded(chunk);
            }
        }
        catch
        {
            // Nothing may still be at work on what is about to be given back; it is not settled, even where it
            // succeeds.
            await failed.CancelAsync();
            await foreach (var (_, result) in begun.ReadAllAsync(CancellationToken.None))
                await ((Task)result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task SettleAsync(HeldChunk chunk, ProcessedChunk processed)
    {
        if (processed.Refused.Count == 0)
        {
            await ledger.SettleAsync(chunk.Messages, processed.Result);
            return;
        }

        var refused = processed.Refused.Select(one => one.Message.Tag).ToHashSet();
        await ledger.SettleAsync(
            [.. chunk.Messages.Where(message => !refused.Contains(message.Tag))],
            processed.Result with { Refused = 0 });
        letters.Add(processed.Refused);
    }

    private async Task<ProcessedChunk> ProcessAsync(HeldChunk chunk, CancellationToken abandon)
    {
        var left = HoldLimit - time.GetElapsedTime(chunk.Since);
        using var timeUp = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, abandon);
        using var span = ChunkSpan.Start(chunk);
        try
        {
            var processed = await guard.ProcessAsync(chunk.Messages, either.Token);
            ChunkSpan.End(span, processed);
            return processed;
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException exception) when (timeUp.IsCancellationRequested)
        {
            ChunkSpan.Fail(span, exception);
            throw new ChunkLapsedException(new StoreUnavailableException(
                $"The store ({store}) did not take {chunk.Messages.Count} messages " +
                $"within {HoldLimit.TotalSeconds:0} s of their delivery; look at its load.",
                exception));
        }
        catch (Exception exception) when (exception is not StoreUnusableException)
        {
            ChunkSpan.Fail(span, exception);
            throw new ChunkLapsedException(exception);
        }
    }

    private async Task RoomForLettersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await letters.RoomAsync(limit.Messages, limit.Bytes, cancellationToken).WaitAsync(
                HoldLimit, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new ChunkLapsedException(new ServerUnreachableException(
                $"More than {limit.Messages} refused messages wait for their dead letters to be sent; " +
                "look at the broker.",
                exception));
        }
    }

    /// <summary>Those that are not sent by then go back with their messages.</summary>
    private async Task SendLastLettersAsync(CancellationToken abandon)
    {
        try
        {
            await letters.RoomAsync(0, 0, abandon).WaitAsync(LastLetters, time, abandon);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
        }
    }
}
