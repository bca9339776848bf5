using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Front;
using Worker.Reading;

namespace Worker.Viewer;

/// <summary>How what the page asks for is answered.</summary>
internal static class PageAnswer
{
    private const string OwnHeader = "Worker-Page";

    /// <summary>What is shown is somebody's: no browser keeps it.</summary>
    public static Stream Begin(HttpContext context, string type = "application/json")
    {
        BrowserHeaders.Set(context.Response);
        var isTagged = context.Response.Headers.ETag.Count > 0;
        context.Response.Headers.CacheControl = isTagged ? "private, no-cache" : "no-store";
        context.Response.ContentType = type;
        return context.Response.Body;
    }

    public static Task SendAsync(HttpContext context, object small) =>
        JsonSerializer.SerializeAsync(Begin(context), small, PageJson.SnakeCase, context.RequestAborted);

    /// <summary>Throws <see cref="RefusedRequestException"/> where the caller may see some Files alone.</summary>
    public static void MustSeeAll(HttpContext context)
    {
        if (Caller.Of(context).IsConfined)
        {
            throw new RefusedRequestException(
                StatusCodes.Status403Forbidden,
                "This page tells of all Files, and this key is for some alone; take one without a path");
        }
    }

    /// <summary>
    /// What changes something has to carry the header: a page of another origin cannot, without being asked first
    /// whether it may, and is told no. Throws <see cref="RefusedRequestException"/>.
    /// </summary>
    /// <param name="others">What does the same for others.</param>
    public static void MustBeOwn(HttpContext context, string others)
    {
        if (context.Request.Headers[OwnHeader] != "1")
        {
            throw new RefusedRequestException(
                StatusCodes.Status403Forbidden,
                $"That is for the viewer's own page, which sends {OwnHeader}: 1; else use {others}");
        }
    }

    /// <summary>
    /// The search that the page has in its address. Throws <see cref="RefusedRequestException"/> where it is none.
    /// </summary>
    public static TraceQuery QueryOf(HttpContext context) =>
        TraceQuery.Parse(
            Queries.Text(context.Request, "q"), Service<TimeProvider>(context).GetUtcNow(), out var problem)
        ?? throw new RefusedRequestException(StatusCodes.Status400BadRequest, problem!);

    public static T Service<T>(HttpContext context)
        where T : notnull => context.RequestServices.GetRequiredService<T>();
}
