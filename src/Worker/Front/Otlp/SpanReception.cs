using System.Text.Json;
using Worker.Publishing;

namespace Worker.Front.Otlp;

/// <summary>
/// Takes spans in, each as a message that the worker's decoder has read before. All of a batch share the broker's
/// confirms; it is answered when all are durable.
/// </summary>
internal sealed class SpanReception(RequestReader reader, Reception reception)
{
    private const int InFlight = 256;

    /// <summary>
    /// Throws <see cref="NotTakenException"/> where one could not be kept: then the batch may be sent again, and what
    /// was taken of it is not there twice.
    /// </summary>
    public async Task<TakenSpans> TakeAsync(OtlpBatch batch, Caller caller)
    {
        var (ids, faults) = (new List<string>(), new List<string>(batch.Faults));
        foreach (var part in batch.Spans.Chunk(InFlight))
        {
            var requests = new List<LogRequest>();
            foreach (var span in part)
            {
                if (Request(span, caller) is var (request, fault) && request is not null)
                    requests.Add(request);
                else
                    faults.Add($"Span {span.SpanId}: {fault}");
            }

            await Task.WhenAll(requests.Select(reception.SendAsync));
            ids.AddRange(requests.Select(request => request.Said.LogId));
        }

        return new(ids, faults.Count, faults.FirstOrDefault());
    }

    private (LogRequest? Request, string? Fault) Request(OtlpSpan span, Caller caller)
    {
        var log = SpanLogs.Of(span);
        if (!caller.MaySee((string?)log.Body["path"]))
            return (null, "this key is not for that File.");
        var body = JsonSerializer.SerializeToUtf8Bytes(log.Body);
        var (request, refusal) = reader.Read(log.Kind, body, $"{span.TraceId}-{span.SpanId}");
        return (request, refusal?.Detail);
    }
}
