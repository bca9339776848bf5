using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Worker.Storage;

namespace Worker.Front.Otlp;

/// <summary>Spans, from the service's clients and from any exporter of OpenTelemetry's over HTTP.</summary>
internal static class OtlpEndpoints
{
    /// <summary>How much more than its packed bytes a body is thought to be, until it is known.</summary>
    private const int Expansion = 32;

    public static void MapOtlp(this IEndpointRouteBuilder routes)
    {
        var ingest = routes.MapGroup("").WithMetadata(new NeededRole(KeyRoles.Ingest));
        ingest.MapPost("/v5/import/otel/v1/traces", TakeAsync);
        ingest.MapPost("/v1/traces", TakeAsync);
    }

    private static async Task TakeAsync(HttpContext context)
    {
        try
        {
            await ExportAsync(context);
        }
        catch (UnreadableExportException exception)
        {
            await RefusedAsync(context, StatusCodes.Status400BadRequest, exception.Message);
        }
        catch (RefusedRequestException exception)
        {
            await RefusedAsync(context, exception.Status, exception.Message);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await RefusedAsync(context, exception.StatusCode, Most(context).Sentence);
        }
    }

    private static async Task ExportAsync(HttpContext context)
    {
        var (request, services) = (context.Request, context.RequestServices);
        var most = Most(context);
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = most.Bytes;
        var body = default(ReadOnlyMemory<byte>);
        var isPacked = request.Headers.ContentEncoding.Count > 0;
        for (var limit = FirstLimit(request, isPacked, most.Bytes); ; limit = most.Bytes)
        {
            using var room = await services.GetRequiredService<Room>().TakeAsync(2L * limit, context.RequestAborted);
            if (body.IsEmpty)
                body = await BodyAsync(context);
            if (OtlpReader.Unpack(body, request, limit, most) is not { } plain)
                continue;
            var export = OtlpReader.Read(plain, request);
            var taken = await services.GetRequiredService<SpanReception>().TakeAsync(export.Spans, Caller.Of(context));
            await OtlpAnswers.TakenAsync(context.Response, export.IsProtobuf, taken);
            return;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        var body = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, OtlpLimits.BodyBytes));
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static Task RefusedAsync(HttpContext context, int status, string sentence) =>
        OtlpAnswers.RefusedAsync(context.Response, OtlpReader.SaysProtobuf(context.Request), status, sentence);

    /// <summary>
    /// How much it is thought to be, unpacked; one that is more gives its room back, and takes the most there is. Room
    /// is taken for twice as much, because a span is there as it came and as the message that is made of it.
    /// </summary>
    private static int FirstLimit(HttpRequest request, bool isPacked, int most)
    {
        var length = Math.Min(request.ContentLength ?? most, most);
        return (int)Math.Min(isPacked ? Expansion * length : length, most);
    }

    private static BodyLimit Most(HttpContext context) =>
        BodyLimit.Of(context, OtlpLimits.BodyBytes, OtlpReader.TooLarge);
}
