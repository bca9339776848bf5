using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Models;

namespace Worker.Evaluation.Models;

/// <summary>
/// Takes replies whole, up to a bound, and hands them on such as the client library can read them. Throws
/// <see cref="UnreadableReplyException"/>.
/// </summary>
internal sealed class ReplyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int Shown = 500;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        }
        catch (HttpRequestException failure)
            when (failure.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new UnreadableReplyException($"The reply is longer than {MaxBytes} bytes.");
        }

        if (response.IsSuccessStatusCode)
            Take(response, await response.Content.ReadAsStringAsync(cancellationToken));
        return response;
    }

    /// <summary>Some services say 200, and that it failed in the body.</summary>
    private static void Take(HttpResponseMessage response, string body)
    {
        var reply = ReplyJson.Parse(body);
        if (reply is not null && ReplyJson.Normal(reply) is { } normal)
            response.Content = new StringContent(normal, Encoding.UTF8, MediaTypeNames.Application.Json);
        else if (reply is not null && ErrorOf(reply) is { } error)
            response.StatusCode = StatusOf(error);
        else
            throw new UnreadableReplyException(
                $"The reply is no chat completion with a choice: {BoundedText.Cut(body, Shown)}");
    }

    private static JsonObject? ErrorOf(JsonObject reply)
    {
        try
        {
            return reply["error"] as JsonObject;
        }
        catch (ArgumentException)
        {
            // A name twice.
            return null;
        }
    }

    private static HttpStatusCode StatusOf(JsonObject error) =>
        error["code"] is JsonValue code && code.GetValueKind() == JsonValueKind.Number
        && code.TryGetValue<int>(out var status) && status is >= 400 and < 600
            ? (HttpStatusCode)status
            : HttpStatusCode.BadGateway;
}
