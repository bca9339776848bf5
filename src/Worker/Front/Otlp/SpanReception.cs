using Microsoft.Extensions.Options;
using Worker.Ingestion;
using Worker.Publishing;
using Worker.Storage;

namespace Worker.Front.Otlp;

/// <summary>
/// Takes the spans of an export as messages, many at once, so that they share confirms. The worker's own decoder reads
/// each first: what it refuses is a rejected span. Sent again, a span is the same Log, so what was half taken does no
/// harm.
/// </summary>
internal sealed class SpanReception(
    IMessageIntake intake, Outage outage, IOptions<IngestionOptions> options, TimeProvider time)
{
    private readonly MessageDecoder _decoder = new(options.Value.MaxMessageBytes);

    /// <summary>
    /// Returns when all are durable, but for those that were rejected. Throws <see cref="NotTakenException"/>.
    /// </summary>
    public async Task<TakenSpans> TakeAsync(IReadOnlyList<ReadSpan> spans)
    {
        var taken = new TakenSpans();
        foreach (var window in spans.Chunk(OtlpLimits.InHand))
        {
            var messages = new List<InboxMessage>(window.Length);
            foreach (var read in window)
            {
                if (Message(read, taken) is { } message)
                    messages.Add(message);
            }

            await SendAsync(messages);
        }

        return taken;
    }

    private InboxMessage? Message(ReadSpan read, TakenSpans taken)
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

        taken.Logs.Add(said.LogId);
        return said.Withheld ? message with { Body = BodyWriter.Withheld(said) } : message;
    }

    /// <summary>
    /// Not cancelled by a client that goes away; every one is waited for, whatever became of the others.
    /// </summary>
    private async Task SendAsync(List<InboxMessage> messages)
    {
        var sends = Task.WhenAll(messages.Select(message => intake.TakeAsync(message, CancellationToken.None)));
        try
        {
            await sends;
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
}
