using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Audit;
using Worker.Files;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>Files and their Versions: saved, read, listed, deployed.</summary>
internal static class FileEndpoints
{
    /// <summary>Where the segments of <c>/v5/tools/{id}/environments/{environment}</c> stand.</summary>
    private const int Id = 2, Environment = 4;

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        foreach (var kind in Enum.GetValues<LogKind>())
        {
            var root = $"/v5/{kind.WireName()}s";
            routes.MapGet(root, context => ListAsync(context, kind));
            routes.MapPost(root, context => SaveAsync(context, kind));
            routes.MapGet(root + "/{id}", context => ReadAsync(context, kind));
            routes.MapDelete(root + "/{id}", context => DeleteAsync(context, kind));
            routes.MapGet(root + "/{id}/versions", context => VersionsAsync(context, kind));
            routes.MapGet(root + "/{id}/environments", context => EnvironmentsAsync(context, kind));
            routes.MapPost(root + "/{id}/environments/{environment}", context => DeployAsync(context, kind));
            routes.MapDelete(root + "/{id}/environments/{environment}", context => UndeployAsync(context, kind));
        }
    }

    private static Task ListAsync(HttpContext context, LogKind kind) => FileLists.WriteAsync(
        context,
        FileLists.Query(context.Request, [kind]) with { Name = Queries.Text(context.Request, "name") },
        isRaw: false);

    private static async Task SaveAsync(HttpContext context, LogKind kind)
    {
        using var room = await RoomAsync(context);
        var request = await context.RequestServices.GetRequiredService<FileRequests>().SaveAsync(
            context.Request, kind, context.RequestAborted);
        var (file, version) = (request.Said.File!, request.Said.Version!);
        var known = await KnownAsync(context, kind, file);
        if (kind == LogKind.Evaluator && known?.Version?.Version.Id != version.Id)
            await RecordAsync(
                context, known is null ? AuditAct.EvaluatorAdded : AuditAct.EvaluatorChanged, file.Path, request,
                file.Id, version.Id);
        else
            await SendAsync(context, request, file.Id, version.Id);
        var now = request.Message.ReceivedAt;
        var view = known ?? new()
        {
            File = new(file, now), Version = null, Deployments = [], Logs = 0, LastUsedAt = null,
        };
        await WriteAsync(context, json => json.Write(
            view.Version?.Version.Id == version.Id ? view : view with { Version = new(version, now) }));
    }

    /// <summary>
    /// The File as it is stored. Nothing depends on it where the File is named by its path: a store that does not
    /// answer is one that knows nothing.
    /// </summary>
    private static async Task<FileView?> KnownAsync(HttpContext context, LogKind kind, LoggedFile file)
    {
        var files = context.RequestServices.GetRequiredService<StoredFiles>();
        if (file.Path is not null)
            Caller.Of(context).MustCover(file.Path);
        else
            return await files.FindAsync(Caller.Of(context), kind, file.Id, null, null, context.RequestAborted);
        try
        {
            var view = await context.RequestServices.GetRequiredService<FileReader>().ReadAsync(
                file.Id, null, null, context.RequestAborted);
            return view is null || view.File.File.Kind == kind
                ? view
                : throw new RefusedRequestException(
                    StatusCodes.Status409Conflict,
                    $"{file.Id} is the id of another kind of File; save the {kind} under another");
        }
        catch (Exception exception)
            when (StoredLogs.IsFault(exception) && !context.RequestAborted.IsCancellationRequested)
        {
            context.RequestServices.GetRequiredService<Outage>().Unread(exception.Message);
            return null;
        }
    }

    private static async Task ReadAsync(HttpContext context, LogKind kind)
    {
        var view = await FindAsync(
            context, kind, Queries.Text(context.Request, "version_id"), Queries.Text(context.Request, "environment"));
        var isRaw = Queries.Flag(context.Request, "include_raw_file_content") ?? false;
        await WriteAsync(context, json => json.Write(view, isRaw));
    }

    private static async Task DeleteAsync(HttpContext context, LogKind kind)
    {
        await FindAsync(context, kind, null, null);
        throw new RefusedRequestException(
            StatusCodes.Status409Conflict,
            "Files are not deleted, because Logs and verdicts refer to them; "
            + "delete the Logs, or take the Version from its Environments");
    }

    private static async Task VersionsAsync(HttpContext context, LogKind kind)
    {
        var view = await FindAsync(context, kind, null, null);
        using var room = await FileLists.RoomAsync(context);
        var reader = context.RequestServices.GetRequiredService<FileReader>();
        var versions = reader.VersionsAsync(view, context.RequestAborted);
        await FileLists.WriteAsync(context, versions, isRaw: false, _ => { });
    }

    private static async Task EnvironmentsAsync(HttpContext context, LogKind kind)
    {
        var view = await FindAsync(context, kind, null, null);
        using var room = await FileLists.RoomAsync(context);
        var reader = context.RequestServices.GetRequiredService<FileReader>();
        var places = view.Deployments.Select(deployment => (deployment.Environment, deployment.OccurredAt)).ToList();
        if (!places.Any(place => place.Environment == Deployment.DefaultEnvironment))
            places.Insert(0, (Deployment.DefaultEnvironment, Timestamps.ToMicroseconds(view.File.Since)));
        await using var writer = new Utf8JsonWriter(Answers.Begin(context.Response), FileViewJson.Options);
        writer.WriteStartArray();
        foreach (var (environment, since) in places)
        {
            var deployed = await reader.ReadAsync(view.File.File.Id, null, environment, context.RequestAborted);
            new FileViewJson(writer).Write(environment, since, deployed is { Version: not null } ? deployed : null);
            await writer.FlushAsync(context.RequestAborted);
        }

        writer.WriteEndArray();
    }

    private static async Task DeployAsync(HttpContext context, LogKind kind)
    {
        var versionId = Queries.Required(context.Request, "version_id");
        var environment = RawPath.Segment(context, Environment);
        var view = await FindAsync(context, kind, versionId, null);
        var request = context.RequestServices.GetRequiredService<FileRequests>().Deploy(
            view.File.File.Id, environment, versionId);
        await RecordAsync(context, AuditAct.VersionDeployed, environment, request, view.File.File.Id, versionId);
        var deployments = view.Deployments.Where(deployment => deployment.Environment != environment)
            .Append(request.Said.Deployment!).OrderBy(deployment => deployment.Environment, StringComparer.Ordinal);
        await WriteAsync(context, json => json.Write(view with { Deployments = [.. deployments] }));
    }

    private static async Task UndeployAsync(HttpContext context, LogKind kind)
    {
        var view = await FindAsync(context, kind, null, null);
        var environment = RawPath.Segment(context, Environment);
        var request = context.RequestServices.GetRequiredService<FileRequests>().Deploy(
            view.File.File.Id, environment, null);
        await RecordAsync(context, AuditAct.VersionUndeployed, environment, request, view.File.File.Id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task<FileView> FindAsync(
        HttpContext context, LogKind kind, string? versionId, string? environment) =>
        context.RequestServices.GetRequiredService<StoredFiles>().FindAsync(
            Caller.Of(context), kind, RawPath.Segment(context, Id), versionId, environment, context.RequestAborted);

    private static Task RecordAsync(
        HttpContext context, AuditAct act, string? note, FileRequest request, params string[] ids)
    {
        var record = new ActRecord { Note = note };
        record.AddRange(ids);
        return context.RecordAsync(act, record, () => SendAsync(context, request, ids));
    }

    private static async Task SendAsync(HttpContext context, FileRequest request, params string[] ids)
    {
        await context.RequestServices.GetRequiredService<Reception>().SendAsync(
            request.Message, "sent again, it changes nothing");
        context.RequestServices.GetRequiredService<RecentFiles>().Add(ids);
    }

    private static async Task WriteAsync(HttpContext context, Action<FileViewJson> write)
    {
        await using var writer = new Utf8JsonWriter(Answers.Begin(context.Response), FileViewJson.Options);
        write(new(writer));
    }

    private static Task<IDisposable> RoomAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<Room>().TakeAsync(
            context.RequestServices.GetRequiredService<RequestReader>().BytesOf(context.Request),
            context.RequestAborted);
}
