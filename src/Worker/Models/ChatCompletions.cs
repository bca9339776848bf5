using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Models;

/// <summary>
/// Asks providers for chat completions, in the words of whoever asks: one try each. Redirects are not followed, so that
/// no other host sees the key or the messages. Throws <see cref="ModelCallException"/>.
/// </summary>
internal sealed class ChatCompletions(TimeProvider time) : IDisposable
{
    /// <summary>Of an answer: in bytes as it comes whole, in characters as it is streamed.</summary>
    private const int Longest = 4 * 1024 * 1024;

    private const int Shown = 400;

    /// <summary>What nests deeper cannot be kept in a Log.</summary>
    private const int Deepest = 48;

    /// <summary>All of a streamed answer may take so many times as long as a piece of it.</summary>
    private const int Pieces = 10;

    private const string Done = "[DONE]";

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => _http.Dispose();

    /// <summary>A whole answer, added to <paramref name="reply"/>, and returned as it came.</summary>
    public async Task<JsonObject> AskAsync(ChatCall call, ChatReply reply, CancellationToken cancellationToken)
    {
        using var clock = new CallClock(call, 1, time, cancellationToken);
        try
        {
            using var response = await SendAsync(call, call.Whole(), clock.Token);
            var (body, isWhole) = await TextAsync(response, Longest, clock.Token);
            if (!isWhole)
                throw new InvalidDataException($"the answer is longer than {Longest} bytes");
            var json = Parse(call, body);
            return reply.Add(json) is null ? throw NoCompletion(call, body) : json;
        }
        catch (Exception fault) when (clock.Meant(fault) is { } meant)
        {
            throw meant;
        }
    }

    /// <summary>
    /// A streamed answer: each chunk is added to <paramref name="reply"/>, and what it adds to the text is said, be it
    /// nothing.
    /// </summary>
    public async Task StreamAsync(
        ChatCall call, ChatReply reply, Func<string, Task> say, CancellationToken cancellationToken)
    {
        using var clock = new CallClock(call, Pieces, time, cancellationToken);
        try
        {
            using var response = await SendAsync(call, call.Streamed(), clock.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(clock.Token);
            var isDone = false;
            await foreach (var data in EventLines.ReadAsync(stream, clock.Wind, clock.Token))
            {
                if (isDone = data == Done)
                    break;
                clock.Stop();
                await say(reply.Add(Parse(call, data)) ?? "");
                if (reply.Length > Longest)
                    throw new InvalidDataException($"the answer is longer than {Longest} characters");
            }

            // Some services end without a word; but not before they have said why they stopped.
            if (!isDone && reply.FinishReason is null)
                throw new IOException("it ended before the answer was whole");
        }
        catch (Exception fault) when (clock.Meant(fault) is { } meant)
        {
            throw meant;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        ChatCall call, JsonObject body, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = Request(call, body);
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                var (refusal, _) = await TextAsync(response, 16 * 1024, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
                    || ChatCall.Simpler(body, refusal) is not { } simpler)
                    throw ProviderRefusal.Of(call, response.StatusCode, RetryAfter(response), refusal);
                body = simpler;
            }
        }
    }

    private static HttpRequestMessage Request(ChatCall call, JsonObject body)
    {
        var address = new UriBuilder(call.Provider.BaseUrl);
        address.Path = address.Path.TrimEnd('/') + "/chat/completions";
        return new(HttpMethod.Post, address.Uri)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, MediaTypeNames.Application.Json),
            Headers =
            {
                Authorization = call.Provider.ApiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null,
            },
        };
    }

    private static JsonObject Parse(ChatCall call, string text)
    {
        JsonObject? json;
        try
        {
            json = JsonNode.Parse(text, documentOptions: new() { MaxDepth = Deepest }) as JsonObject;
        }
        catch (JsonException)
        {
            json = null;
        }

        if (json is null)
            throw NoCompletion(call, text);
        return json["error"] is JsonObject error && json["choices"] is null
            ? throw ProviderRefusal.Of(call, ProviderRefusal.StatusOf(error), null, text)
            : json;
    }

    private static InvalidDataException NoCompletion(ChatCall call, string text) =>
        new($"it is no chat completion with a choice: {BoundedText.Cut(call.Provider.Hide(text), Shown)}");

    private static async Task<(string Text, bool IsWhole)> TextAsync(
        HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while (bytes.Length <= most && (read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            bytes.Write(buffer, 0, read);
        var isWhole = bytes.Length <= most;
        return (Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)Math.Min(bytes.Length, most)), isWhole);
    }

    private static string? RetryAfter(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Retry-After", out var values) ? values.FirstOrDefault() : null;
}
