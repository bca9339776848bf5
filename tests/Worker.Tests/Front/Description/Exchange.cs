using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Tests.Front.Description;

/// <summary>A request and its answer.</summary>
/// <param name="Query">The names in it.</param>
/// <param name="Body">Null where there is none, or none in JSON.</param>
/// <param name="Headers">Of the answer, those that are the front's own.</param>
/// <param name="Answer">Null where there is none, or none in JSON.</param>
internal sealed record Exchange(
    string Method,
    string Path,
    IReadOnlyList<string> Query,
    JsonNode? Body,
    int Status,
    IReadOnlyList<string> Headers,
    string? AnswerType,
    JsonNode? Answer)
{
    private static readonly string[] Own = ["Worker-Known", "Worker-Searched", "Preference-Applied", "Retry-After"];

    public static async Task<Exchange> OfAsync(HttpRequestMessage request, byte[] body, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new(
            request.Method.Method,
            uri.AbsolutePath,
            [.. uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0])],
            Json(body),
            (int)response.StatusCode,
            [.. Own.Where(response.Headers.Contains)],
            response.Content.Headers.ContentType?.MediaType,
            Json(answer));
    }

    private static JsonNode? Json(byte[] bytes)
    {
        if (bytes.Length == 0)
            return null;
        try
        {
            return JsonNode.Parse(bytes, documentOptions: new() { MaxDepth = 10_000 });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
