using System.Net;
using System.Text.Json;

namespace Worker.Evaluation.Models;

/// <summary>
/// Takes replies whole, up to a bound, and looks whether they are such as the client library can read. Throws
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
            Check(response, await response.Content.ReadAsStringAsync(cancellationToken));
        return response;
    }

    /// <summary>Some services say 200, and that it failed in the body.</summary>
    private static void Check(HttpResponseMessage response, string body)
    {
        using var json = Parse(body);
        if (json is { RootElement: { ValueKind: JsonValueKind.Object } root })
        {
            if (root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array
                && choices.GetArrayLength() > 0)
                return;
            if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                response.StatusCode = StatusOf(error);
                return;
            }
        }

        throw new UnreadableReplyException(
            $"The reply is no chat completion with a choice: {BoundedText.Cut(body, Shown)}");
    }

    private static HttpStatusCode StatusOf(JsonElement error) =>
        error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number
        && code.TryGetInt32(out var status) && status is >= 400 and < 600
            ? (HttpStatusCode)status
            : HttpStatusCode.BadGateway;

    private static JsonDocument? Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
