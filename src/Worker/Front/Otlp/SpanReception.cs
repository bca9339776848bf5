using Microsoft.Extensions.Options;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Publishing;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// Takes the spans of an export as messages, many at once, so that they share confirms. The worker's own decoder reads
/// each first: what it refuses is a rejected span. Sent again, a span is the same Log, so what was half taken does no
/// harm.
/// </summary>
internal sealed class SpanReception(
    IMessageIntake intake,
    RecentWrites recent,
    Outage outage,
    IOptions<IngestionOptions> options,
    Masker masker,
    TimeProvider time)
{
    private readonly MessageDecoder _decoder = new(options.Value.MaxMessageBytes, masker);

    /// <summary>
    /// Returns when all are durable, but for those that were rejected. Throws <see cref="NotTakenException"/>.
    /// </summary>
    /// <param name="spans">Taken out as their messages are made, which is long before the broker confirms them.</param>
    /// <param name="caller">Who sends them.</param>
    public async Task<TakenSpans> TakeAsync(Queue<ReadSpan> spans, Caller caller)
    {
        var taken = new TakenSpans();
        var messages = new List<TakenSpan>(spans.Count);
        while (spans.TryDequeue(out var read))
        {
            if (Message(read, caller, taken) is { } message)
                messages.Add(message);
        }

        foreach (var window in messages.Chunk(OtlpLimits.InHand))
            await SendAsync(window);
        return taken;
    }

    private TakenSpan? Message(ReadSpan read, Caller caller, TakenSpans taken)
    {
        if (read.Span is not { } span)
        {
            taken.Reject(read.Fault!);
            return null;
        }

        var message = SpanMessages.Of(span, time.GetUtcNow());
        var decoded = _decoder.Decode(new()
        {
            Body = message.Body, Type = message.Type, MessageId = message.MessageId, ContentType = message.ContentType,
            ReceivedAt = message.ReceivedAt, Tag = 0,
        });
        if (decoded.Message is not { } said)
        {
            taken.Reject($"Span {span.SpanId} of trace {span.TraceId}: {decoded.Refusal!.Detail.TrimEnd('.')}");
            return null;
        }

        if (!caller.MaySee(PathOf(said)))
        {
            taken.Reject($"Span {span.SpanId} of trace {span.TraceId}: this key is not for the File {PathOf(said)}");
            return null;
        }

        taken.Logs.Add(said.LogId);
        return new(
            said.Withheld ? message with { Body = BodyWriter.Withheld(said) } : message, RecentWrite.Of(said));
    }

    private static string? PathOf(LogMessage said) =>
        said.Changes.FirstOrDefault(change => change.Field == LogFields.Path).Value?.AsText();

    /// <summary>
    /// Not cancelled by a client that goes away; every one is waited for, whatever became of the others.
    /// </summary>
    private async Task SendAsync(TakenSpan[] messages)
    {
        var sends = Task.WhenAll(messages.Select(message => intake.TakeAsync(message.Message, CancellationToken.None)));
        try
        {
            await sends;
            foreach (var message in messages)
                recent.Add(message.Write);
            outage.Ended();
        }
        catch (NotTakenException exception)
        {
            outage.Began(exception.Message);
            throw new NotTakenException(
                $"{exception.Message.TrimEnd('.')}. Some may have been taken; sent again, each is the Log that it was",
                exception);
        }
    }

    /// <param name="Message">To be taken.</param>
    /// <param name="Write">What a reader can wait for once it is.</param>
    private sealed record TakenSpan(InboxMessage Message, RecentWrite Write);
}
