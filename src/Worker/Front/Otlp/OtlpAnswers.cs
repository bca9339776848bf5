using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Errors;

namespace Worker.Front.Otlp;

/// <summary>
/// Answers as the protocol has them, in the encoding that was asked in. The one for JSON names the Logs besides, for
/// the service's clients; others pass over that.
/// </summary>
internal static class OtlpAnswers
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    /// <summary>The code of gRPC for what is wrong with the request itself.</summary>
    private const int InvalidArgument = 3;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>200, also where some spans were rejected: a client must not send those again.</summary>
    public static Task TakenAsync(HttpResponse response, bool isProtobuf, TakenSpans taken)
    {
        if (isProtobuf)
            return WriteAsync(response, StatusCodes.Status200OK, Protobuf, Partial(taken));
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("records");
            foreach (var log in taken.Logs)
                writer.WriteStringValue(log);
            writer.WriteEndArray();
            writer.WriteStartObject("partialSuccess");
            if (taken.Rejected > 0)
            {
                // As the protocol's JSON writes numbers of 64 bits.
                writer.WriteString("rejectedSpans", taken.Rejected.ToString(CultureInfo.InvariantCulture));
                writer.WriteString("errorMessage", OneLine.Of(taken.Why!));
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return WriteAsync(response, StatusCodes.Status200OK, Json, json.ToArray());
    }

    /// <summary>Nothing was taken, and the same again would not be.</summary>
    public static Task RefusedAsync(HttpResponse response, bool isProtobuf, int status, string sentence)
    {
        var text = OneLine.Of(sentence) + ".";
        if (isProtobuf)
            return WriteAsync(response, status, Protobuf, [.. Number(1, InvalidArgument), .. Text(2, text)]);
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", InvalidArgument);
            writer.WriteString("message", text);
            writer.WriteEndObject();
        }

        return WriteAsync(response, status, Json, json.ToArray());
    }

    private static async Task WriteAsync(HttpResponse response, int status, string type, byte[] body)
    {
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }

    /// <summary>Nothing where nothing was rejected.</summary>
    private static byte[] Partial(TakenSpans taken) => taken.Rejected == 0
        ? []
        : Message(1, [.. Number(1, (uint)taken.Rejected), .. Text(2, OneLine.Of(taken.Why!))]);

    private static byte[] Number(int field, uint value) => [(byte)(field << 3), .. Varint(value)];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] bytes) =>
        [(byte)((field << 3) | 2), .. Varint((uint)bytes.Length), .. bytes];

    private static byte[] Varint(uint value) =>
        value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
