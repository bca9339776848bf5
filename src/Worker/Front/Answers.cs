using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Errors;
using Worker.Models;
using Worker.Traces;

namespace Worker.Front;

/// <summary>Answers in JSON. Faults are as clients of the service expect them, and short, whatever was sent.</summary>
internal static class Answers
{
    private const string Json = "application/json";

    /// <summary>After how many seconds a client may try again what was not taken.</summary>
    private const string RetryAfter = "2";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A fault that one sentence tells: <c>{"detail": "…"}</c>.</summary>
    public static Task SentenceAsync(HttpResponse response, int status, string sentence) =>
        WriteAsync(response, status, writer => writer.WriteString("detail", Bounded(sentence)));

    /// <summary>Nothing was taken; the client may try again.</summary>
    public static Task UnavailableAsync(HttpResponse response, string sentence)
    {
        response.Headers.RetryAfter = RetryAfter;
        return SentenceAsync(response, StatusCodes.Status503ServiceUnavailable, sentence);
    }

    /// <summary>
    /// A provider of models gave no answer. What it refuses is no refusal of the front's, so neither its 401 nor its
    /// 402 is told as one.
    /// </summary>
    public static Task ModelFaultAsync(HttpResponse response, ModelCallException fault)
    {
        if (fault.Fault == ModelFault.Busy)
            response.Headers.RetryAfter =
                int.TryParse(fault.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                    ? fault.RetryAfter
                    : RetryAfter;
        return SentenceAsync(response, StatusOf(fault.Fault), fault.Message);
    }

    /// <summary>
    /// A request that says what cannot be: <c>{"detail": [{"loc": […], "msg": "…", "type": "…"}]}</c>.
    /// </summary>
    public static Task InvalidAsync(HttpResponse response, Invalid fault) =>
        WriteAsync(response, StatusCodes.Status422UnprocessableEntity, writer =>
        {
            writer.WriteStartArray("detail");
            writer.WriteStartObject();
            writer.WriteStartArray("loc");
            foreach (var place in fault.Location)
                writer.WriteStringValue(place);
            writer.WriteEndArray();
            writer.WriteString("msg", Bounded(fault.Message));
            writer.WriteString("type", fault.Type);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });

    /// <summary>Healthy where there is no reason against it; else 503 with the reasons. Kept by no cache.</summary>
    public static Task HealthAsync(HttpResponse response, IReadOnlyList<string> reasons)
    {
        response.Headers.CacheControl = "no-store";
        return WriteAsync(
            response,
            reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            writer =>
            {
                writer.WriteString("status", reasons.Count == 0 ? "ok" : "fault");
                if (reasons.Count == 0)
                    return;
                writer.WriteStartArray("reasons");
                foreach (var reason in reasons)
                    writer.WriteStringValue(Bounded(reason));
                writer.WriteEndArray();
            });
    }

    /// <summary>What taking a Log answers.</summary>
    public static Task TakenAsync(HttpResponse response, TakenLog taken) =>
        WriteAsync(response, StatusCodes.Status200OK, writer =>
        {
            writer.WriteString("id", taken.Log.Id);
            writer.WriteString($"{taken.Log.Kind.WireName()}_id", taken.Resolution.FileId ?? "");
            writer.WriteString("version_id", taken.Resolution.VersionId ?? taken.Log.Text(LogFields.VersionId) ?? "");
            if (taken.Log.JudgedId is { } judged)
            {
                writer.WriteString("parent_id", judged);
                writer.WriteNull("session_id");
            }

            if (taken.Log.Kind != LogKind.Flow)
                return;
            var status = taken.Log.IsComplete ? LogStatuses.Complete : LogStatuses.Incomplete;
            writer.WriteString("trace_status", status);
            writer.WriteString("log_status", status);
        });

    /// <summary>JSON that is there already.</summary>
    public static async Task BytesAsync(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        response.ContentType = Json;
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, response.HttpContext.RequestAborted);
    }

    /// <summary>Begins an answer that is written while it is read.</summary>
    public static Stream Begin(HttpResponse response)
    {
        response.ContentType = Json;
        return response.Body;
    }

    private static int StatusOf(ModelFault fault) => fault switch
    {
        ModelFault.Refused => StatusCodes.Status400BadRequest,
        ModelFault.Busy => StatusCodes.Status429TooManyRequests,
        ModelFault.Late => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status502BadGateway,
    };

    private static async Task WriteAsync(HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        response.StatusCode = status;
        var json = new System.Buffers.ArrayBufferWriter<byte>(256);
        await using (var writer = new Utf8JsonWriter(json, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        await BytesAsync(response, json.WrittenMemory);
    }

    /// <summary>With its full stop.</summary>
    private static string Bounded(string sentence) => OneLine.Of(sentence) + ".";
}
