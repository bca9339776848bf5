using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>
/// Directories, as they follow from the paths of the Files: the way in of who wants to see all of them.
/// </summary>
internal static class DirectoryEndpoints
{
    private const int FilesAtOnce = 100;

    /// <summary>
    /// So many Files make the structure, the first by path, and no directory deeper than that is in it.
    /// </summary>
    private const int MostFiles = 10_000;
    private const int Deepest = 100;

    /// <summary>Where the id stands in <c>/v5/directories/{id}</c>.</summary>
    private const int Id = 2;

    public static void MapDirectories(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v5/directories/structure", StructureAsync);
        routes.MapGet("/v5/directories/{id}", ReadAsync);
    }

    /// <summary>With what is directly in it.</summary>
    private static async Task ReadAsync(HttpContext context)
    {
        var id = RawPath.Segment(context, Id);
        var path = DirectoryIds.PathOf(id);
        using var room = await FileLists.RoomAsync(context);
        var folder = path is null ? null : await FolderAsync(context, path);
        if (folder is null || (folder.Files == 0 && path != ""))
            throw new RefusedRequestException(
                StatusCodes.Status404NotFound, $"There is no directory {id}; /v5/directories/root leads to all");
        await using var writer = new Utf8JsonWriter(Answers.Begin(context.Response), FileViewJson.Options);
        writer.WriteStartObject();
        WriteNames(writer, folder.Path, folder);
        writer.WriteStartArray("parents");
        for (var above = DirectoryIds.Above(folder.Path); above is not null; above = DirectoryIds.Above(above))
            WriteDirectory(writer, above, folder);
        writer.WriteEndArray();
        writer.WriteStartArray("subdirectories");
        foreach (var name in folder.Subdirectories)
            WriteDirectory(writer, folder.Path.Length == 0 ? name : $"{folder.Path}/{name}", folder);
        writer.WriteEndArray();
        writer.WriteStartArray("files");
        var (json, reader) = (new FileViewJson(writer), context.RequestServices.GetRequiredService<FileReader>());
        await foreach (var file in UnderAsync(context, folder.Path).Where(file => IsIn(file, folder.Path)))
        {
            if (await reader.ReadAsync(file.File.Id, null, null, context.RequestAborted) is { } view)
                json.Write(view);
            await writer.FlushAsync(context.RequestAborted);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>
    /// All directories, each in the one that it is in, from the root down; without the Files in them.
    /// </summary>
    private static async Task StructureAsync(HttpContext context)
    {
        using var room = await FileLists.RoomAsync(context);
        var folders = new SortedDictionary<string, Folder>(StringComparer.Ordinal) { [""] = new("") };
        await foreach (var file in UnderAsync(context, "").Take(MostFiles).Where(IsWithinReach))
        {
            for (var at = DirectoryIds.Above(file.File.Path ?? ""); at is not null; at = DirectoryIds.Above(at))
            {
                if (!folders.TryGetValue(at, out var folder))
                    folders[at] = folder = new(at);
                folder.Add(file);
            }
        }

        await using var writer = new Utf8JsonWriter(Answers.Begin(context.Response), FileViewJson.Options);
        WriteStructure(writer, folders, "");
    }

    private static bool IsWithinReach(StoredFile file) => file.File.Path.AsSpan().Count('/') <= Deepest;

    private static void WriteStructure(Utf8JsonWriter writer, SortedDictionary<string, Folder> folders, string path)
    {
        writer.WriteStartObject();
        WriteNames(writer, path, folders[path]);
        writer.WriteStartArray("subdirectories");
        foreach (var name in folders[path].Subdirectories)
            WriteStructure(writer, folders, path.Length == 0 ? name : $"{path}/{name}");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static async Task<Folder> FolderAsync(HttpContext context, string path)
    {
        var folder = new Folder(path);
        await foreach (var file in UnderAsync(context, path))
            folder.Add(file);
        return folder;
    }

    /// <summary>The Files in it and below it that the caller may see, by path.</summary>
    private static async IAsyncEnumerable<StoredFile> UnderAsync(HttpContext context, string path)
    {
        var listing = context.RequestServices.GetRequiredService<IFileListing>();
        var query = Caller.Of(context).Confine(
            new([.. Enum.GetValues<LogKind>()]) { ByPath = true, Folder = path.Length == 0 ? null : path });
        for (var skip = 0; ; skip += FilesAtOnce)
        {
            var (page, _) = await listing.ListAsync(query, skip, FilesAtOnce, context.RequestAborted);
            foreach (var file in page.Where(file => file.File.Path != path || path.Length == 0))
                yield return file;
            if (page.Count < FilesAtOnce)
                yield break;
        }
    }

    private static bool IsIn(StoredFile file, string path) => DirectoryIds.Above(file.File.Path ?? "") is var above
        && (above ?? "") == path;

    private static void WriteDirectory(Utf8JsonWriter writer, string path, Folder known)
    {
        writer.WriteStartObject();
        WriteNames(writer, path, known);
        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, string path, Folder known)
    {
        writer.WriteString("id", DirectoryIds.Of(path));
        writer.WriteString("parent_id", DirectoryIds.Above(path) is { } above ? DirectoryIds.Of(above) : null);
        writer.WriteString("name", DirectoryIds.NameOf(path));
        writer.WriteString("path", path);
        writer.WriteString("created_at", known.Since.UtcDateTime);
        writer.WriteString("updated_at", known.Until.UtcDateTime);
    }

    /// <summary>What the Files below a path come to.</summary>
    private sealed class Folder(string path)
    {
        public string Path => path;

        public long Files { get; private set; }

        public SortedSet<string> Subdirectories { get; } = new(StringComparer.Ordinal);

        /// <summary>Since when the first of its Files is stored, and the last.</summary>
        public DateTimeOffset Since { get; private set; } = DateTimeOffset.UnixEpoch;

        public DateTimeOffset Until { get; private set; } = DateTimeOffset.UnixEpoch;

        public void Add(StoredFile file)
        {
            Since = Files == 0 || file.Since < Since ? file.Since : Since;
            Until = Files == 0 || file.Since > Until ? file.Since : Until;
            Files++;
            var rest = (file.File.Path ?? "")[(path.Length == 0 ? 0 : path.Length + 1)..];
            if (rest.IndexOf('/') is > 0 and var end)
                Subdirectories.Add(rest[..end]);
        }
    }
}
