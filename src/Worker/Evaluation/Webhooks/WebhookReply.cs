using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Worker.Traces;

namespace Worker.Evaluation.Webhooks;

/// <summary>What a response says: a verdict, that one will come, that another try may do, or that none will.</summary>
internal static class WebhookReply
{
    private static readonly JsonSerializerOptions AsItIs = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Throws as <see cref="IEvaluatorCall.AskAsync"/> does, and what reading from a connection does.
    /// </summary>
    public static async Task<EvaluatorAnswer> ReadAsync(
        HttpResponseMessage response, Webhook webhook, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answered = $"{webhook.Host} answered {(int)response.StatusCode}";
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await BodyAsync(response, webhook.MaxReplyBytes, cancellationToken) is { } body
                ? Verdict(body)
                : Failed($"The reply is longer than {webhook.MaxReplyBytes} bytes, which is max_reply_bytes."),
            HttpStatusCode.Accepted => new(Judgment: null) { IsLater = true },
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new EvaluatorPausedException(
                $"{answered}: it does not accept the request; see that it checks the signature " +
                $"with the secret \"{webhook.Secret}\"."),
            HttpStatusCode.Gone => throw new EvaluatorPausedException(
                $"{answered}: it is there no more; detach the Evaluator, or give it another url."),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                throw new TransientCallException($"{answered}.", RetryAfter(response, now)),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                Failed($"{answered}; redirects are not followed, so write where it leads into url."),
            _ => Failed($"{answered}; 200 with a verdict is accepted, or 202."),
        };
    }

    /// <summary>Null where it is too long: then not all of it was read.</summary>
    private static async Task<ReadOnlyMemory<byte>?> BodyAsync(
        HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > limit)
            return null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[limit + 1];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > limit)
            return null;
        return body.AsMemory(0, length);
    }

    private static EvaluatorAnswer Verdict(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
            return Failed("The reply is not UTF-8 text.");
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Verdict(document.RootElement)
                : Failed("The reply is no JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter where half a surrogate pair is escaped, which is no text.
            return Failed("The reply is no JSON.");
        }
    }

    private static EvaluatorAnswer Verdict(JsonElement reply)
    {
        if (reply.TryGetProperty("later", out var later) && later.ValueKind == JsonValueKind.True)
            return new(Judgment: null) { IsLater = true };
        foreach (var name in new[] { "reason", "error", "stdout" })
        {
            if (reply.TryGetProperty(name, out var value)
                && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                return Failed($"The reply's {name} is no text.");
        }

        var error = Text(reply, "error");
        var isJudged = reply.TryGetProperty("judgment", out var judgment);
        if (error is null && !isJudged)
            error = "The reply has no judgment; null is an abstention.";
        return new(error is null && judgment.ValueKind != JsonValueKind.Null ? Copy(judgment) : null)
        {
            Reason = Text(reply, "reason"), Error = error, Stdout = Text(reply, "stdout"),
        };
    }

    private static JsonValue Copy(JsonElement judgment) =>
        new(JsonSerializer.SerializeToUtf8Bytes(judgment, AsItIs));

    private static string? Text(JsonElement reply, string name) =>
        reply.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var said = response.Headers.RetryAfter;
        var wait = said?.Delta ?? said?.Date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static EvaluatorAnswer Failed(string sentence) => new(Judgment: null) { Error = sentence };
}
