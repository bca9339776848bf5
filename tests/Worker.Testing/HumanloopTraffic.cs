using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Testing;

/// <summary>
/// Requests that the unmodified Humanloop client sent (recordings in <c>Data</c>), as the messages that a front would
/// publish for them, in their order of arrival. Nothing is cleaned up: nulls, odd dates and late children stay.
/// </summary>
internal static class HumanloopTraffic
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// One support agent's run: a nested flow, a tool that fails, a call made twice, and one that arrives after
    /// completion.
    /// </summary>
    public static IEnumerable<string> SupportAgent() => Messages("humanloop-node-0.8.20-support-agent.jsonl");

    /// <summary>Fifteen unrelated requests: most of what the client can send.</summary>
    public static IEnumerable<string> Session() => Messages("humanloop-node-0.8.20-session.jsonl");

    /// <summary>What ships as <c>config/samples</c>: both.</summary>
    public static IEnumerable<string> Sample() =>
        SupportAgent().Concat(Session());

    private static IEnumerable<string> Messages(string recording)
    {
        var clock = 0L;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", recording)))
        {
            var request = JsonNode.Parse(line)!.AsObject();
            foreach (var message in Translate(request))
            {
                clock = ArrivedAt(request, message, clock);
                message["sent_at"] = Iso(clock);
                yield return message.ToJsonString(Compact);
            }
        }
    }

    /// <summary>
    /// When it was recorded; where the recording holds no clock, the span's end, but in the order of arrival.
    /// </summary>
    private static long ArrivedAt(JsonObject request, JsonObject message, long previous)
    {
        var recorded = request["at"] is { } at ? Microseconds((string)at!) : SessionStart;
        var ended = request["at"] is null && message["end_time"] is { } end && IsSpan(request)
            ? Microseconds((string)end!)
            : 0;
        return Math.Max(Math.Max(recorded, ended), previous + 1000);
    }

    private const long SessionStart = 1_795_283_077_017_000;

    private static bool IsSpan(JsonObject request) =>
        ((string)request["url"]!).StartsWith("/v5/import/otel", StringComparison.Ordinal);

    private static IEnumerable<JsonObject> Translate(JsonObject request)
    {
        var url = new Uri(new Uri("http://front"), (string)request["url"]!);
        var path = url.AbsolutePath["/v5/".Length..].Split('/');
        var body = (string)request["body"]! is { Length: > 0 } text ? JsonNode.Parse(text)!.AsObject() : [];
        return ((string)request["method"]!, path) switch
        {
            ("POST", ["import", ..]) => Spans(body).Select(span => Span(span, Minted(request))),
            ("POST", [var files, "log"]) => [Message(files[..^1] + ".logged", Minted(request), Query(url), body)],
            ("PATCH", ["flows", "logs", var id]) => [Message("flow.log.updated", id, [], body)],
            ("PATCH", ["tools", _, "log", var id]) => [Message("tool.log.updated", id, [], body)],
            ("DELETE", ["logs"]) => Ids(url).Select(id => Message("log.deleted", id, [], [])),
            _ => [],
        };
    }

    private static JsonObject Message(string type, string? logId, JsonObject query, JsonObject body)
    {
        var message = new JsonObject { ["type"] = type };
        if (logId is not null && !body.ContainsKey("log_id"))
            message["log_id"] = logId;
        foreach (var (name, value) in query.Concat(body).ToList())
            message[name] = value?.DeepClone();
        return message;
    }

    /// <summary>
    /// The id the service answered with. The session's recording holds no answers; what it answered to its one flow
    /// without an id is known from the children that name it.
    /// </summary>
    private static string? Minted(JsonObject request) =>
        (string?)(request["reply"]?["id"] ?? request["reply"]?["records"]?[0])
        ?? ((string)request["url"]! == "/v5/flows/log" ? $"log_flow_{request["n"]}" : null);

    private static JsonObject Query(Uri url)
    {
        var query = new JsonObject();
        foreach (var (name, value) in Pairs(url))
            query[name == "environment" ? "version_environment" : name] = value;
        return query;
    }

    private static IEnumerable<string> Ids(Uri url) =>
        Pairs(url).Where(pair => pair.Name == "id").Select(pair => pair.Value);

    private static IEnumerable<(string Name, string Value)> Pairs(Uri url) =>
        url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (pair[0], Uri.UnescapeDataString(pair[1])));

    private static IEnumerable<JsonObject> Spans(JsonObject export) =>
        from resource in export["resourceSpans"]!.AsArray()
        from scope in resource!["scopeSpans"]!.AsArray()
        from span in scope!["spans"]!.AsArray()
        select span!.AsObject();

    /// <summary>
    /// A span's flattened attributes as the message they stand for: <c>humanloop.file.*</c> describes the File,
    /// <c>humanloop.log.*</c> is the Log. Every value is a string: the types were lost before it was sent.
    /// </summary>
    private static JsonObject Span(JsonObject span, string? minted)
    {
        var file = new JsonObject();
        var log = new JsonObject();
        foreach (var attribute in span["attributes"]!.AsArray())
        {
            var path = ((string)attribute!["key"]!).Split('.');
            if (path is ["humanloop", "file" or "log", ..])
                Put(path[1] == "file" ? file : log, path.AsSpan(2), (string)attribute["value"]!["stringValue"]!);
        }

        var isFlow = Take(file, "type") == "flow";
        var id = Take(log, "id") ?? minted;
        var message = new JsonObject { ["type"] = isFlow ? "flow.log.updated" : "tool.logged" };
        if (id is not null)
            message["log_id"] = id;
        message["path"] = Take(file, "path");
        if (!isFlow)
        {
            message["start_time"] = Iso((long)(decimal)span["startTimeUnixNano"]! / 1000);
            message["end_time"] = Iso((long)(decimal)span["endTimeUnixNano"]! / 1000);
        }

        foreach (var (name, value) in log)
            message[name] = value?.DeepClone();
        if (file.Count > 0)
            message[isFlow ? "flow" : "tool"] = file;
        return message;
    }

    private static void Put(JsonObject target, ReadOnlySpan<string> path, string value)
    {
        if (path.Length == 1)
            target[path[0]] = value;
        else
            Put((JsonObject)(target[path[0]] ??= new JsonObject()), path[1..], value);
    }

    private static string? Take(JsonObject from, string name)
    {
        var value = (string?)from[name];
        from.Remove(name);
        return value;
    }

    private static string Iso(long microseconds) =>
        DateTime.UnixEpoch.AddMicroseconds(microseconds).ToString(
            "yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static long Microseconds(string iso) =>
        (DateTime.Parse(iso, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).Ticks / 10;
}
