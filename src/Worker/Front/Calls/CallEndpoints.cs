using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Models;
using Worker.Storage;

namespace Worker.Front.Calls;

/// <summary>Calls Prompts: a model is asked, and whoever called is answered once the Log of it is durable.</summary>
internal static class CallEndpoints
{
    private const string Left = "Whoever called left before the answer was whole.";

    public static void MapCalls(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v5/prompts/call", CallAsync).WithMetadata(new NeededRole(KeyRoles.Ingest));

    private static async Task CallAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var lanes = services.GetRequiredService<CallLanes>();
        lanes.MustBeOpen();
        using var room = await services.GetRequiredService<Room>().TakeAsync(
            services.GetRequiredService<RequestReader>().BytesOf(context.Request), context.RequestAborted);
        var open = await services.GetRequiredService<CallDesk>().OpenAsync(context);
        using var lane = lanes.Take();
        if (open.Body.IsStreamed)
            await new CallStream(context, open).RunAsync();
        else
            await AskAsync(context, open);
    }

    private static async Task AskAsync(HttpContext context, OpenCall open)
    {
        var services = context.RequestServices;
        var (desk, time) = (services.GetRequiredService<CallDesk>(), services.GetRequiredService<TimeProvider>());
        var began = time.GetTimestamp();
        JsonObject response;
        try
        {
            response = await services.GetRequiredService<ChatCompletions>().AskAsync(
                open.Call, open.Reply, context.RequestAborted);
        }
        catch (Exception fault) when (ErrorOf(context, fault) is { } error)
        {
            await desk.KeepAsync(open, began, error, response: null);
            throw;
        }

        var called = await desk.KeepAsync(open, began, error: null, response);
        var json = new MemoryStream();
        CallAnswer.Write(json, open, called);
        await Answers.BytesAsync(context.Response, json.GetBuffer().AsMemory(0, (int)json.Length));
    }

    /// <summary>What the Log says of a call that failed; null where it is a fault of the front's own.</summary>
    internal static string? ErrorOf(HttpContext context, Exception fault) =>
        context.RequestAborted.IsCancellationRequested ? Left : (fault as ModelCallException)?.Message;
}
