using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Reading;
using Worker.Storage;

namespace Worker.Front;

/// <summary>The Logs of a File, page by page.</summary>
internal static class ListEndpoints
{
    /// <summary>Says that not every Log of the File was looked at.</summary>
    private const string SearchedHeader = "Worker-Searched";

    public static void MapLists(this IEndpointRouteBuilder routes) => routes.MapGet("/v5/logs", ListAsync);

    private static async Task ListAsync(HttpContext context)
    {
        var request = context.Request;
        var filter = FilterOf(request);
        await MustBeSeenAsync(context, filter.Range.FileId);
        var (number, size) = Queries.Page(request);
        var withChildren = Queries.Flag(request, "include_trace_children") ?? false;
        using var room = await context.RequestServices.GetRequiredService<Room>().TakeAsync(
            MemberPage.MaxBytes, context.RequestAborted);
        var page = await context.RequestServices.GetRequiredService<LogLister>().ListAsync(
            filter, number, size, context.RequestAborted);
        if (page.IsCut)
            context.Response.Headers[SearchedHeader] = $"the newest {LogLister.MaxLookedAt}";
        await LogJson.WritePageAsync(
            Answers.Begin(context.Response),
            page,
            RecordsAsync(
                context.RequestServices.GetRequiredService<TraceReader>(),
                page.Ids,
                withChildren,
                context.RequestAborted),
            new() { ForClients = true },
            context.RequestAborted);
    }

    /// <summary>A File of others has no Logs, for a caller who is confined to some.</summary>
    private static async Task MustBeSeenAsync(HttpContext context, string fileId)
    {
        var caller = Caller.Of(context);
        if (!caller.IsConfined)
            return;
        var files = context.RequestServices.GetRequiredService<IFileListing>();
        var file = await files.FindAsync(fileId, context.RequestAborted);
        if (!caller.MaySee(file?.File.Path))
            throw new RefusedRequestException(StatusCodes.Status404NotFound, $"There is no File {fileId}");
    }

    private static LogFilter FilterOf(HttpRequest request)
    {
        // No Log here is an Evaluator's, whose parent could be shown.
        Queries.Flag(request, "include_parent");
        var range = new LogRange(Queries.Required(request, "file_id"));
        return new(range with
        {
            From = Queries.Date(request, "start_date") ?? range.From,
            Until = Queries.Date(request, "end_date") ?? range.Until,
        })
        {
            VersionId = Queries.Text(request, "version_id"),
            Ids = Queries.Texts(request, "id"),
            Search = Queries.Text(request, "search"),
            MetadataSearch = Queries.Text(request, "metadata_search"),
            IsInTrace = Queries.AnyFlag(request, "in_trace_filter"),
            Sample = Queries.Number(request, "sample", 0, int.MaxValue),
        };
    }

    /// <summary>Each with what its trace comes to. What was deleted meanwhile is left out.</summary>
    private static async IAsyncEnumerable<(TraceView, IAsyncEnumerable<TraceEntry>)> RecordsAsync(
        TraceReader reader,
        IReadOnlyList<string> ids,
        bool withChildren,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            if (await reader.ReadAsync(id, cancellationToken) is not { } read)
                continue;
            var view = withChildren ? read : read.WithoutChildren();
            yield return (view, reader.EntriesAsync(view, cancellationToken));
        }
    }
}
