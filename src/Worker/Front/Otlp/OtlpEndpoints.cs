using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Worker.Ingestion;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// Spans, as OpenTelemetry's exporters and the service's own clients send them: each becomes a Log.
/// </summary>
internal static class OtlpEndpoints
{
    /// <summary>A batch holds many spans, each of which may be as long as a message.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const string Protobuf = "application/x-protobuf";

    public static void MapOtlp(this IEndpointRouteBuilder routes)
    {
        foreach (var path in new[] { "/v5/import/otel/v1/traces", "/v1/traces" })
            routes.MapPost(path, TakeAsync).WithMetadata(new NeededRole(KeyRoles.Ingest));
    }

    private static async Task TakeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBytes;
        var request = context.Request;
        var isPacked = request.Headers.ContentEncoding.Count > 0;
        using var room = await context.RequestServices.GetRequiredService<Room>().TakeAsync(
            isPacked ? MaxBytes : Math.Min(request.ContentLength ?? MaxBytes, MaxBytes), context.RequestAborted);
        var body = await BodyAsync(context);
        var isProtobuf = IsProtobuf(request, body.Span);
        OtlpBatch batch;
        try
        {
            batch = isProtobuf ? OtlpProtobuf.Read(body) : OtlpJson.Read(body);
        }
        catch (OtlpFormatException exception)
        {
            await OtlpAnswers.RefusedAsync(context.Response, isProtobuf, StatusCodes.Status400BadRequest, exception.Message);
            return;
        }

        var taken = await context.RequestServices.GetRequiredService<SpanReception>().TakeAsync(batch, Caller.Of(context));
        await OtlpAnswers.TakenAsync(context.Response, isProtobuf, taken);
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        var request = context.Request;
        var sent = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, MaxBytes));
        await request.Body.CopyToAsync(sent, context.RequestAborted);
        var (body, refusal) = ContentEncodings.Undo(
            new InboundMessage
            {
                Body = sent.GetBuffer().AsMemory(0, (int)sent.Length),
                ContentEncoding = request.Headers.ContentEncoding.ToString(),
                ReceivedAt = default,
                Tag = 0,
            },
            MaxBytes);
        return refusal switch
        {
            null => body,
            { Reason: RefusalReason.TooLarge } => throw new RefusedRequestException(
                StatusCodes.Status413PayloadTooLarge, $"The spans have more than {MaxBytes} bytes; send fewer at once"),
            _ => throw new RefusedRequestException(Invalid.Of(refusal)),
        };
    }

    /// <summary>By its type; clients that name none, or a wrong one, send JSON, which begins with a brace.</summary>
    private static bool IsProtobuf(HttpRequest request, ReadOnlySpan<byte> body) =>
        request.ContentType?.StartsWith(Protobuf, StringComparison.OrdinalIgnoreCase) == true
        || (request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true
            && body is [0x0A, ..] && !body.TrimStart(" \r\n\t"u8).StartsWith("{"u8));
}
