using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Evaluation;
using Worker.Front;
using Worker.Reading;
using Worker.Storage;
using static Worker.Viewer.PageAnswer;

namespace Worker.Viewer;

/// <summary>The page that people look at, and what it reads.</summary>
internal static class ViewerEndpoints
{
    private const int MostRows = 200;

    /// <summary>Where the page is served; which of its views is shown, it sees by the address itself.</summary>
    private static readonly string[] Pages = ["/", "/trace", "/compare", "/review", "/status", "/letters", "/verdicts"];

    public static IServiceCollection AddViewer(this IServiceCollection services) => services
        .AddSingleton<PageFiles>()
        .AddSingleton<LogDetails>()
        .AddSingleton<ReviewQueue>()
        .AddSingleton<StatusReader>()
        .AddSingleton<LetterDoings>();

    public static void MapViewer(this IEndpointRouteBuilder routes)
    {
        foreach (var page in Pages)
            routes.MapGet(page, context => Files(context).IndexAsync(context)).WithMetadata(new OpenToAll());
        routes.MapGet(
                "/ui/{file}", context => Files(context).SendAsync(context, (string)context.GetRouteValue("file")!))
            .WithMetadata(new OpenToAll());
        routes.MapSessions();
        routes.MapGet("/ui/api/traces", TracesAsync);
        routes.MapGet("/ui/api/traces/count", CountAsync);
        routes.MapGet("/ui/api/trace", TraceAsync);
        routes.MapGet("/ui/api/log", LogAsync);
        routes.MapGet("/ui/api/field", FieldAsync);
        routes.MapGet("/ui/api/find", FindAsync);
        routes.MapGet("/ui/api/explain", ExplainAsync);
        routes.MapGet("/ui/api/status", StatusAsync);
        routes.MapLetters();
        routes.MapVerdicts();
        routes.MapReview();
    }

    private static PageFiles Files(HttpContext context) => Service<PageFiles>(context);

    private static async Task TracesAsync(HttpContext context)
    {
        var request = context.Request;
        var after = TraceCursor.Parse(Queries.Text(request, "after"));
        var size = Queries.Number(request, "limit", 1, MostRows) ?? 50;
        var page = await Service<TraceLister>(context).ListAsync(
            QueryOf(context), after, size, Caller.Of(context).MaySee, context.RequestAborted);
        await TraceListJson.WriteAsync(Begin(context), page, context.RequestAborted);
    }

    private static async Task CountAsync(HttpContext context)
    {
        var (count, lookedAt, isCut) = await Service<TraceLister>(context).CountAsync(
            QueryOf(context), Caller.Of(context).MaySee, context.RequestAborted);
        await SendAsync(context, new { Count = count, LookedAt = lookedAt, Cut = isCut });
    }

    private static async Task TraceAsync(HttpContext context)
    {
        var id = await SeenAsync(context);
        var head = await HeadAsync(context, id);
        var overview = await TraceOverview.ReadAsync(
            head,
            Service<ITraceStore>(context),
            Service<IEvaluatorLogStore>(context),
            Service<IRunStore>(context),
            Queries.Number(context.Request, "most", 1, int.MaxValue) ?? int.MaxValue,
            context.RequestAborted) ?? throw StoredLogs.Unknown(id);
        var tag = $"\"{overview.Tag}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await TraceColumns.WriteAsync(Begin(context), overview, context.RequestAborted);
    }

    /// <summary>The outermost Flow Log above it; itself where there is none, and where it is a conversation.</summary>
    private static async Task<string> HeadAsync(HttpContext context, string id)
    {
        var path = await Service<ITraceStore>(context).PathAboveAsync(id, context.RequestAborted);
        return path.Count == 0 ? throw StoredLogs.Unknown(id) : TraceReader.Outermost(path)?.Id ?? id;
    }

    private static async Task LogAsync(HttpContext context)
    {
        var id = await SeenAsync(context);
        if (!await Service<LogDetails>(context).WriteAsync(id, () => Begin(context), context.RequestAborted))
            throw StoredLogs.Unknown(id);
    }

    private static async Task FieldAsync(HttpContext context)
    {
        var id = await SeenAsync(context);
        var value = await Service<LogDetails>(context).FieldAsync(
            id, Queries.Required(context.Request, "field"), context.RequestAborted) ?? throw StoredLogs.Unknown(id);
        await Begin(context).WriteAsync(value.Utf8, context.RequestAborted);
    }

    private static async Task FindAsync(HttpContext context)
    {
        var id = await SeenAsync(context);
        await PayloadFind.WriteAsync(
            Begin(context, "application/x-ndjson"),
            Service<ITraceStore>(context),
            id,
            Queries.Required(context.Request, "q"),
            context.RequestAborted);
    }

    private static async Task ExplainAsync(HttpContext context)
    {
        var id = await SeenAsync(context);
        var explanation = await Service<ExplanationReader>(context).OfAsync(id, context.RequestAborted)
            ?? throw StoredLogs.Unknown(id);
        Begin(context);
        await context.Response.WriteAsync(ExplanationJson.Write(explanation), context.RequestAborted);
    }

    private static async Task StatusAsync(HttpContext context)
    {
        MustSeeAll(context);
        var status = await Service<StatusReader>(context).ReadAsync(context.RequestAborted);
        var now = Service<TimeProvider>(context).GetUtcNow();
        await SendAsync(context, StatusJson.Of(status, now));
    }

    /// <summary>The id that is asked for, where the caller may see that Log.</summary>
    private static async Task<string> SeenAsync(HttpContext context)
    {
        var id = Queries.Required(context.Request, "id");
        await Service<StoredLogs>(context).MustBeSeenAsync(id, Caller.Of(context));
        return id;
    }
}
