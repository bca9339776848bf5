using System.Collections.Frozen;
using System.IO.Hashing;
using Microsoft.AspNetCore.Http;

namespace Worker.Viewer;

/// <summary>The page, which is part of the program: its files by name.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";

    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly FrozenDictionary<string, PageFile> _files = Read().ToFrozenDictionary();

    public Task IndexAsync(HttpContext context) => SendAsync(context, "index.html");

    /// <summary>Browsers ask each time whether a file has changed: a page is never older than its worker.</summary>
    public async Task SendAsync(HttpContext context, string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        BrowserHeaders.Set(context.Response);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = file.Type;
        context.Response.ContentLength = file.Bytes.Length;
        await context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted);
    }

    private static IEnumerable<KeyValuePair<string, PageFile>> Read()
    {
        var assembly = typeof(PageFiles).Assembly;
        var names = assembly.GetManifestResourceNames();
        foreach (var resource in names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var tag = $"\"{Convert.ToHexStringLower(XxHash64.Hash(bytes))}\"";
            yield return new(resource[Prefix.Length..], new(bytes, Types[Path.GetExtension(resource)], tag));
        }
    }

    private sealed record PageFile(byte[] Bytes, string Type, string Tag);
}
