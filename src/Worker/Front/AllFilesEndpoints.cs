using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Ingestion;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>Files of every kind together, and by path.</summary>
internal static class AllFilesEndpoints
{
    private static readonly LogKind[] Kinds = Enum.GetValues<LogKind>();

    public static void MapAllFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v5/files", ListAsync);
        routes.MapPost("/v5/files/retrieve-by-path", FindAsync).WithMetadata(new NeededRole(KeyRoles.Read));
    }

    private static Task ListAsync(HttpContext context)
    {
        var request = context.Request;
        var named = Queries.Texts(request, "type");
        var kinds = Kinds.Where(
            kind => named.Count == 0 || named.Contains(kind.WireName(), StringComparer.OrdinalIgnoreCase));

        // No File here is a template.
        if (Queries.Flag(request, "template") == true)
            kinds = [];
        var folder = Queries.Text(request, "path") ?? Queries.Text(request, "directory");
        return FileLists.WriteAsync(
            context,
            FileLists.Query(request, kinds) with
            {
                Name = Queries.Text(request, "name"),
                Folder = folder is null || DerivedIds.NormalPath(folder) is not { Length: > 0 } normal ? null : normal,
                Environment = Queries.Text(request, "environment"),
            },
            Queries.Flag(request, "include_raw_file_content") ?? false);
    }

    private static async Task FindAsync(HttpContext context)
    {
        using var room = await context.RequestServices.GetRequiredService<Room>().TakeAsync(
            context.RequestServices.GetRequiredService<RequestReader>().BytesOf(context.Request),
            context.RequestAborted);
        var path = DerivedIds.NormalPath(await PathAsync(context));
        var environment = Queries.Text(context.Request, "environment");
        var reader = context.RequestServices.GetRequiredService<FileReader>();
        var isSeen = Caller.Of(context).MaySee(path);
        var (files, _) = await context.RequestServices.GetRequiredService<IFileListing>().ListAsync(
            new([.. Kinds]) { Path = path }, 0, 1, context.RequestAborted);
        var view = files.Count == 0 || !isSeen
            ? null
            : await reader.ReadAsync(files[0].File.Id, null, environment, context.RequestAborted);
        if (view is null || (environment is not null && view.Version is null))
            throw new RefusedRequestException(
                StatusCodes.Status404NotFound,
                view is null ? $"There is no File at {path}" : $"{path} has nothing deployed to {environment}");
        await using var writer = new Utf8JsonWriter(Answers.Begin(context.Response), FileViewJson.Options);
        new FileViewJson(writer).Write(view, Queries.Flag(context.Request, "include_raw_file_content") ?? false);
    }

    private static async Task<string> PathAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(
                context.Request.Body, new() { MaxDepth = JsonBody.MaxDepth }, context.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String
                && path.GetString() is { Length: > 0 } text
                ? text
                : throw new RefusedRequestException(Invalid.Missing("body", "path"));
        }
        catch (JsonException exception)
        {
            throw new RefusedRequestException(
                new Invalid(["body"], $"The body is no JSON: {exception.Message}", "value_error.jsondecode"));
        }
    }
}
