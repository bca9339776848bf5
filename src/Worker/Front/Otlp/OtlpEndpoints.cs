using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Worker.Front.Otlp;

/// <summary>Spans, from the service's clients and from any exporter of OpenTelemetry's over HTTP.</summary>
internal static class OtlpEndpoints
{
    /// <summary>How much more than its packed bytes a body is thought to be, until it is known.</summary>
    private const int Expansion = 32;

    public static void MapOtlp(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v5/import/otel/v1/traces", TakeAsync);
        routes.MapPost("/v1/traces", TakeAsync);
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
            await RefusedAsync(context, exception.StatusCode, OtlpReader.TooLarge);
        }
    }

    private static async Task ExportAsync(HttpContext context)
    {
        var request = context.Request;
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = OtlpLimits.BodyBytes;
        using var room = await context.RequestServices.GetRequiredService<Room>().TakeAsync(BytesOf(request), context.RequestAborted);
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, OtlpLimits.BodyBytes));
        await request.Body.CopyToAsync(body, context.RequestAborted);
        var export = OtlpReader.Read(body.GetBuffer().AsMemory(0, (int)body.Length), request);
        var taken = await context.RequestServices.GetRequiredService<SpanReception>().TakeAsync(export.Spans);
        await OtlpAnswers.TakenAsync(context.Response, export.IsProtobuf, taken.Logs, taken.Rejected, taken.Why);
    }

    private static Task RefusedAsync(HttpContext context, int status, string sentence) =>
        OtlpAnswers.RefusedAsync(context.Response, OtlpReader.SaysProtobuf(context.Request), status, sentence);

    /// <summary>
    /// What to take room for: the body, what it is packed into, and the messages that are made of it.
    /// </summary>
    private static long BytesOf(HttpRequest request)
    {
        var length = Math.Min(request.ContentLength ?? OtlpLimits.BodyBytes, OtlpLimits.BodyBytes);
        return request.Headers.ContentEncoding.Count == 0 ? 2 * length : Math.Min(2L * Expansion * length, 2L * OtlpLimits.BodyBytes);
    }
}
