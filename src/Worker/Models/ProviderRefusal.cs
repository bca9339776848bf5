using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Models;

/// <summary>What a provider answers instead of a completion, as a fault with a sentence.</summary>
internal static class ProviderRefusal
{
    private const int Shown = 400;

    /// <param name="body">Its beginning.</param>
    public static ModelCallException Of(ChatCall call, HttpStatusCode status, string? retryAfter, string body)
    {
        var (provider, key) = (call.Provider, call.IsOwnKey ? "came with the call" : "is configured");
        var said = $"It says: {BoundedText.Cut(provider.Hide(MessageOf(body)), Shown)}";
        var model = BoundedText.Cut(call.Model, 100);
        var number = ((int)status).ToString(CultureInfo.InvariantCulture);
        return (int)status switch
        {
            401 or 403 => new(
                ModelFault.Refused, $"{provider} refused the key that {key} ({number}). {said}"),
            402 => new(ModelFault.Refused, $"The account at {provider} is empty ({number}). {said}"),
            404 or (>= 300 and < 400) => new(
                ModelFault.Refused, $"{provider} knows no model {model}, or is at another address ({number}). {said}"),
            429 => new(ModelFault.Busy, $"{provider} was asked too often ({number}). {said}", retryAfter),
            408 or 425 or >= 500 => new(ModelFault.Failed, $"{provider} failed ({number}). {said}", retryAfter),
            _ => new(ModelFault.Refused, $"{provider} refused the call ({number}). {said}"),
        };
    }

    /// <summary>Some services say 200, and that it failed in the body.</summary>
    public static HttpStatusCode StatusOf(JsonObject error) =>
        error["code"] is JsonValue code && code.GetValueKind() == JsonValueKind.Number
        && code.TryGetValue<int>(out var status) && status is >= 400 and < 600
            ? (HttpStatusCode)status
            : HttpStatusCode.BadGateway;

    private static string MessageOf(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject json && json["error"] is JsonObject error
                && error["message"] is JsonValue message && message.TryGetValue<string>(out var text)
                ? text
                : body;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException)
        {
            // No JSON, a name twice, or half a character.
            return body;
        }
    }
}
