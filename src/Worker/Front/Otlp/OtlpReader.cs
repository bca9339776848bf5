using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Ingestion;

namespace Worker.Front.Otlp;

/// <summary>
/// Reads an export out of a request, whatever the content type says where the bytes say better: the service's clients
/// send JSON as plain text, or without any type.
/// </summary>
internal static class OtlpReader
{
    private static readonly SearchValues<byte> Blank = SearchValues.Create(" \t\r\n"u8);

    public static string TooLarge => $"The body, as it comes or unpacked, is larger than {OtlpLimits.BodyBytes} bytes; send smaller batches";

    public static bool SaysProtobuf(HttpRequest request) =>
        request.ContentType?.Contains("protobuf", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Throws <see cref="UnreadableExportException"/>, and <see cref="RefusedRequestException"/> where it is too large.
    /// </summary>
    public static OtlpExport Read(ReadOnlyMemory<byte> body, HttpRequest request)
    {
        var plain = Unpacked(body, request.Headers.ContentEncoding.ToString());
        var isProtobuf = IsProtobuf(plain.Span, SaysProtobuf(request));
        try
        {
            var spans = (isProtobuf ? ProtobufSpans.Read(plain) : JsonSpans.Read(plain)).Take(OtlpLimits.Spans + 1).ToList();
            return spans.Count <= OtlpLimits.Spans
                ? new(spans, isProtobuf)
                : throw new RefusedRequestException(
                    StatusCodes.Status413PayloadTooLarge, $"There are more than {OtlpLimits.Spans} spans; send smaller batches");
        }
        catch (JsonException exception)
        {
            throw new UnreadableExportException("The body is JSON, and not an export of spans; send resourceSpans", exception);
        }
    }

    private static ReadOnlyMemory<byte> Unpacked(ReadOnlyMemory<byte> body, string encoding)
    {
        var (plain, refusal) = ContentEncodings.Undo(
            new() { Body = body, ContentEncoding = encoding, ReceivedAt = default, Tag = 0 }, OtlpLimits.BodyBytes);
        return refusal switch
        {
            null => plain,
            { Reason: Traces.RefusalReason.TooLarge } => throw new RefusedRequestException(StatusCodes.Status413PayloadTooLarge, TooLarge),
            _ => throw new UnreadableExportException(refusal.Detail.TrimEnd('.')),
        };
    }

    /// <summary>An object's brace begins no message; a message's first tag is a line break, and then no brace follows.</summary>
    private static bool IsProtobuf(ReadOnlySpan<byte> body, bool isSaid)
    {
        if (body.StartsWith("\uFEFF"u8))
            return false;
        var first = body.IndexOfAnyExcept(Blank);
        return first < 0 ? isSaid : body[first] != (byte)'{' && (isSaid || body[0] == 0x0A);
    }
}
