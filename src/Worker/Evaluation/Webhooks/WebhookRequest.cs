using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Worker.Evaluation.Webhooks;

/// <summary>The request for one verdict.</summary>
internal static class WebhookRequest
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("worker", typeof(WebhookRequest).Assembly.GetName().Version!.ToString(3));

    public static HttpRequestMessage Of(
        EvaluatorInput input, Uri url, IEnumerable<byte[]> secrets, DateTimeOffset at)
    {
        var body = Body(input);
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.Add("Idempotency-Key", input.Key);
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(body.Span, secrets, at));
        return request;
    }

    private static ReadOnlyMemory<byte> Body(EvaluatorInput input)
    {
        var body = new ArrayBufferWriter<byte>(input.Log.Length + 1024);
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("evaluator_log_id", input.Key);
            writer.WriteString("log_id", input.LogId);
            writer.WriteNumber("revision", input.Revision);
            writer.WriteStartObject("evaluator");
            writer.WriteString("path", input.Path);
            writer.WriteString("version_id", input.VersionId);
            writer.WriteEndObject();
            writer.WriteBoolean("truncated", input.IsTruncated);
            writer.WritePropertyName("log");
            writer.WriteRawValue(input.Log.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
