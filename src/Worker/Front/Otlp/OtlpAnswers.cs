using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Worker.Front.Otlp;

/// <summary>Answers as exporters expect them: in the encoding of the request.</summary>
internal static class OtlpAnswers
{
    private const string Protobuf = "application/x-protobuf";

    /// <summary>
    /// <c>{"records": […], "partialSuccess": {…}}</c>: the ids of the Logs, which the service's clients read, beside
    /// what OTLP says. Always 200.
    /// </summary>
    public static Task TakenAsync(HttpResponse response, bool isProtobuf, TakenSpans taken)
    {
        if (isProtobuf)
            return BytesAsync(response, taken.Rejected == 0 ? [] : Message(output => Partial(output, taken)));
        var answer = new JsonObject { ["records"] = new JsonArray([.. taken.LogIds.Select(id => (JsonNode)id)]), ["partialSuccess"] = new JsonObject() };
        if (taken.Rejected > 0)
            answer["partialSuccess"] = new JsonObject { ["rejectedSpans"] = $"{taken.Rejected}", ["errorMessage"] = taken.Fault };
        return JsonAsync(response, answer);
    }

    /// <summary>A <c>google.rpc.Status</c>.</summary>
    public static Task RefusedAsync(HttpResponse response, bool isProtobuf, int status, string sentence)
    {
        const int InvalidArgument = 3;
        response.StatusCode = status;
        return isProtobuf
            ? BytesAsync(response, Message(output =>
            {
                output.WriteRawTag(8);
                output.WriteInt32(InvalidArgument);
                output.WriteRawTag(18);
                output.WriteString(sentence);
            }))
            : JsonAsync(response, new JsonObject { ["code"] = InvalidArgument, ["message"] = sentence });
    }

    private static void Partial(CodedOutputStream output, TakenSpans taken)
    {
        var partial = ByteString.CopyFrom(Message(inner =>
        {
            inner.WriteRawTag(8);
            inner.WriteInt64(taken.Rejected);
            inner.WriteRawTag(18);
            inner.WriteString(taken.Fault ?? "");
        }));
        output.WriteRawTag(10);
        output.WriteBytes(partial);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }

    private static Task JsonAsync(HttpResponse response, JsonObject answer) =>
        Answers.BytesAsync(response, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(answer));

    private static async Task BytesAsync(HttpResponse response, byte[] message)
    {
        response.ContentType = Protobuf;
        response.ContentLength = message.Length;
        await response.Body.WriteAsync(message, response.HttpContext.RequestAborted);
    }
}
