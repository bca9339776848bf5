using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// What updating a Log answers: the Log as it is stored, with the update over it; the update alone where nothing else
/// is known. It is taken already, so a store that does not answer does not fail the request.
/// </summary>
internal sealed class UpdateAnswer(TraceReader reader, Outage outage, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>The JSON, and whether the Log was stored.</returns>
    public async Task<(ReadOnlyMemory<byte> Json, bool IsStored)> OfAsync(TakenLog taken, LogMessage said)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            if (await reader.ReadAsync(taken.Log.Id, patience.Token) is { } view)
                return (await OverAsync(Cut(view), said, patience.Token), true);
        }
        catch (Exception exception) when (StoredLogs.IsFault(exception))
        {
            outage.Unread(exception.Message);
        }

        return (await AloneAsync(taken), false);
    }

    /// <summary>A large trace is answered without what is under its head; reading the Log shows it whole.</summary>
    private static TraceView Cut(TraceView view) =>
        view.IsLarge ? view.WithoutChildren() : view;

    /// <summary>It is held whole, and of verdicts from outside there may be any number: the first have room.</summary>
    private Task<ReadOnlyMemory<byte>> OverAsync(TraceView view, LogMessage said, CancellationToken cancellationToken)
    {
        var (verdicts, bytes) = (MemberPage.MaxLogs, MemberPage.MaxBytes);
        return WriteAsync(
            view,
            reader.EntriesAsync(view, cancellationToken)
                .Select(entry => entry with { Posted = entry.Posted.TakeWhile(HasRoom) })
                .Select(entry => entry.Line.Depth == 0 ? With(entry, said) : entry),
            cancellationToken);

        bool HasRoom(PostedVerdict verdict) => --verdicts >= 0 && (bytes -= LogSize.Of(verdict.Log)) >= 0;
    }

    private static TraceEntry With(TraceEntry entry, LogMessage said)
    {
        var log = LogMerge.Apply(entry.Log, said).Log!;
        return entry with { Log = log, Span = entry.Span.With(LogSpan.From(log)) };
    }

    private static Task<ReadOnlyMemory<byte>> AloneAsync(TakenLog taken)
    {
        var shape = new TraceShape();
        shape.Add(taken.Log);
        var sums = new FlowSums(shape);
        sums.Add(taken.Log);
        var view = new TraceView
        {
            Shape = shape,
            Lines = TraceOutline.Lines(shape),
            Sums = sums,
            Outermost = taken.Log.Kind == LogKind.Flow ? taken.Log : null,
            LateLogs = 0,
        };
        var entry = new TraceEntry
        {
            Log = taken.Log,
            Line = view.Lines[0],
            Span = LogSpan.From(taken.Log),
            Sums = LogSums.From(taken.Log),
            Verdicts = [],
            Posted = AsyncEnumerable.Empty<PostedVerdict>(),
            Revision = 0,
            Files = taken.Files,
        };
        return WriteAsync(view, new[] { entry }.ToAsyncEnumerable(), CancellationToken.None);
    }

    private static async Task<ReadOnlyMemory<byte>> WriteAsync(
        TraceView view, IAsyncEnumerable<TraceEntry> entries, CancellationToken cancellationToken)
    {
        var json = new MemoryStream();
        await LogJson.WriteAsync(json, view, entries, new() { ForClients = true }, cancellationToken);
        return json.GetBuffer().AsMemory(0, (int)json.Length);
    }
}
