using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>Lists of Files, each written while it is read.</summary>
internal static class FileLists
{
    /// <summary>Of those kinds, in the order that is asked for: the newest first where none is.</summary>
    public static FileQuery Query(HttpRequest request, IEnumerable<LogKind> kinds)
    {
        var byPath = Queries.Choice(request, "sort_by", "created_at", "name") == "name";
        var order = Queries.Choice(request, "order", "asc", "desc") ?? (byPath ? "asc" : "desc");
        return new([.. kinds]) { ByPath = byPath, Descending = order == "desc" };
    }

    /// <summary>For what is held of a list at once.</summary>
    public static Task<IDisposable> RoomAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<Room>().TakeAsync(MemberPage.MaxBytes, context.RequestAborted);

    /// <summary>A page of them.</summary>
    public static async Task WriteAsync(HttpContext context, FileQuery query, bool isRaw)
    {
        var (number, size) = Queries.Page(context.Request);
        query = Caller.Of(context).Confine(query);
        using var room = await RoomAsync(context);
        var (files, total) = await context.RequestServices.GetRequiredService<FileReader>().ListAsync(
            query, (int)Math.Min((number - 1L) * size, int.MaxValue), size, context.RequestAborted);
        await WriteAsync(context, files, isRaw, writer =>
        {
            writer.WriteNumber("page", number);
            writer.WriteNumber("size", size);
            writer.WriteNumber("total", total);
        });
    }

    /// <param name="writeRest">What stands behind the records.</param>
    public static async Task WriteAsync(
        HttpContext context, IAsyncEnumerable<FileView> files, bool isRaw, Action<Utf8JsonWriter> writeRest)
    {
        await using var writer = new Utf8JsonWriter(Answers.Begin(context.Response), FileViewJson.Options);
        writer.WriteStartObject();
        writer.WriteStartArray("records");
        var json = new FileViewJson(writer);
        await foreach (var file in files.WithCancellation(context.RequestAborted))
        {
            json.Write(file, isRaw);
            await writer.FlushAsync(context.RequestAborted);
        }

        writer.WriteEndArray();
        writeRest(writer);
        writer.WriteEndObject();
    }
}
