using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// Reads an export out of a request, whatever the content type says where the bytes say better: the service's clients
/// send JSON as plain text, or without any type.
/// </summary>
internal static class OtlpReader
{
    public static readonly string TooLarge =
        $"The body, as it comes or unpacked, is larger than {OtlpLimits.BodyBytes} bytes; send smaller batches";

    public static bool SaysProtobuf(HttpRequest request) =>
        request.ContentType?.Contains("protobuf", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Throws <see cref="UnreadableExportException"/>, and <see cref="RefusedRequestException"/> where there are too
    /// many.
    /// </summary>
    public static OtlpExport Read(ReadOnlyMemory<byte> plain, HttpRequest request)
    {
        var isProtobuf = IsProtobuf(plain.Span, SaysProtobuf(request));
        try
        {
            return new(new(isProtobuf ? ProtobufSpans.Read(plain) : JsonSpans.Read(plain)), isProtobuf);
        }
        catch (JsonException exception)
        {
            throw new UnreadableExportException(
                "The body is JSON, and not an export of spans; send resourceSpans", exception);
        }
    }

    /// <summary>
    /// The body as it was before it was packed; null where that is more than <paramref name="limit"/>, and may be
    /// <paramref name="most"/>.
    /// Throws <see cref="UnreadableExportException"/>, and <see cref="RefusedRequestException"/> where it is too large.
    /// </summary>
    public static ReadOnlyMemory<byte>? Unpack(
        ReadOnlyMemory<byte> body, HttpRequest request, int limit, BodyLimit most)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        var (plain, refusal) = ContentEncodings.Undo(
            new() { Body = body, ContentEncoding = encoding, ReceivedAt = default, Tag = 0 }, limit);
        return refusal switch
        {
            null => (ReadOnlyMemory<byte>?)plain,
            { Reason: RefusalReason.TooLarge } when limit < most.Bytes => null,
            { Reason: RefusalReason.TooLarge } =>
                throw new RefusedRequestException(StatusCodes.Status413PayloadTooLarge, most.Sentence),
            _ => throw new UnreadableExportException(refusal.Detail.TrimEnd('.')),
        };
    }

    /// <summary>
    /// A message's first tag is a line break, and its length may be a brace: only what goes on as an object does is
    /// JSON.
    /// </summary>
    private static bool IsProtobuf(ReadOnlySpan<byte> body, bool isSaid) =>
        body.IsEmpty ? isSaid : (isSaid || body[0] == 0x0A) && !BeginsObject(body);

    private static bool BeginsObject(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
