using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Audit;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>Logs: taken, updated, read, deleted.</summary>
internal static class LogEndpoints
{
    /// <summary>
    /// Says of what an update answers whether more than the update was known, and of what is read whether all that was
    /// written here before is in it.
    /// </summary>
    private const string KnownHeader = "Worker-Known";

    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        var ingest = routes.MapGroup("").WithMetadata(new NeededRole(KeyRoles.Ingest));
        ingest.MapPost("/v5/tools/log", context => LogAsync(context, MessageKind.ToolLogged));
        ingest.MapPost("/v5/prompts/log", context => LogAsync(context, MessageKind.PromptLogged));
        ingest.MapPost("/v5/flows/log", context => LogAsync(context, MessageKind.FlowLogged));
        routes.MapPost("/v5/evaluators/log", context => LogAsync(context, MessageKind.EvaluatorLogged))
            .WithMetadata(new NeededRole(KeyRoles.Review));
        ingest.MapPatch("/v5/flows/logs/{**log_id}", context => UpdateAsync(context, MessageKind.FlowLogUpdated, 3));
        ingest.MapPatch(
            "/v5/tools/{id}/log/{**log_id}", context => UpdateAsync(context, MessageKind.ToolLogUpdated, 4));
        ingest.MapPatch(
            "/v5/prompts/{id}/log/{**log_id}", context => UpdateAsync(context, MessageKind.PromptLogUpdated, 4));
        ingest.MapDelete("/v5/logs", DeleteAsync);
        routes.MapGet("/v5/logs/{**id}", ReadAsync);
    }

    private static async Task LogAsync(HttpContext context, MessageKind kind)
    {
        var reader = context.RequestServices.GetRequiredService<RequestReader>();
        using var room = await RoomAsync(context, reader.BytesOf(context.Request));
        var request = await reader.ReadAsync(context.Request, kind, logId: null, context.RequestAborted);
        var reception = context.RequestServices.GetRequiredService<Reception>();
        var taken = await reception.TakeAsync(request, Caller.Of(context));
        await Answers.TakenAsync(context.Response, taken);
    }

    private static async Task UpdateAsync(HttpContext context, MessageKind kind, int segments)
    {
        var reader = context.RequestServices.GetRequiredService<RequestReader>();
        using var room = await RoomAsync(context, reader.BytesOf(context.Request));
        var request = await reader.ReadAsync(
            context.Request, kind, RawPath.After(context, segments), context.RequestAborted);
        var reception = context.RequestServices.GetRequiredService<Reception>();
        var taken = await reception.TakeAsync(request, Caller.Of(context));
        var answer = context.RequestServices.GetRequiredService<UpdateAnswer>();
        var (json, isStored) = await answer.OfAsync(taken, request.Said);
        context.Response.Headers[KnownHeader] = isStored ? "stored" : "update";
        await Answers.BytesAsync(context.Response, json);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        var id = RawPath.After(context, 2);
        if (id.Length == 0)
        {
            await NotOffered.AnswerAsync(context);
            return;
        }

        using var room = await RoomAsync(context, MemberPage.MaxBytes);
        var isSeen = await context.RequestServices.GetRequiredService<ReadWait>().UntilSeenAsync(context, id);
        context.Response.Headers[KnownHeader] = isSeen ? "stored" : "part";
        var reader = context.RequestServices.GetRequiredService<TraceReader>();
        var view = await reader.ReadAsync(id, context.RequestAborted) ?? throw StoredLogs.Unknown(id);
        await MustBeSeenAsync(context, id);
        await LogJson.WriteAsync(
            Answers.Begin(context.Response),
            view,
            reader.EntriesAsync(view, context.RequestAborted),
            new() { AllRevisions = context.Request.Query["revisions"] == "all", ForClients = true },
            context.RequestAborted);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var reader = context.RequestServices.GetRequiredService<RequestReader>();
        var reception = context.RequestServices.GetRequiredService<Reception>();
        var ids = context.Request.Query["id"].OfType<string>().Where(id => id.Length > 0).ToList();
        if (ids.Count == 0)
            throw new RefusedRequestException(Invalid.Missing("query", "id"));
        foreach (var id in ids)
            await MustBeSeenAsync(context, id);
        var record = new ActRecord();
        record.AddRange(ids);
        await context.RecordAsync(
            AuditAct.LogsDeleted,
            record,
            () => Task.WhenAll(ids.ConvertAll(reader.Delete).Select(reception.SendAsync)));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task MustBeSeenAsync(HttpContext context, string logId) =>
        context.RequestServices.GetRequiredService<StoredLogs>().MustBeSeenAsync(logId, Caller.Of(context));

    private static Task<IDisposable> RoomAsync(HttpContext context, long bytes) =>
        context.RequestServices.GetRequiredService<Room>().TakeAsync(bytes, context.RequestAborted);
}
