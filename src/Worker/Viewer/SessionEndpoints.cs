using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Worker.Front;
using Worker.Storage;

namespace Worker.Viewer;

/// <summary>A key is typed into the page once, and the browser then has a session in its place.</summary>
internal static class SessionEndpoints
{
    private const int LongestBody = 1024;

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ui/api/session", BeginAsync).WithMetadata(new OpenToAll());
        routes.MapDelete("/ui/api/session", End).WithMetadata(new OpenToAll());
    }

    private static async Task BeginAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { } body)
            body.MaxRequestBodySize = LongestBody;
        var key = await KeyAsync(context);
        if (key?.Allows(KeyRoles.Read) != true)
            throw new RefusedRequestException(
                StatusCodes.Status403Forbidden,
                "That is no key that may read here; one for reviewers is made with --role read,review");
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        context.Response.Cookies.Append(Session.Cookie, Session.Of(key, now), Options(context, Session.Lasts));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<ApiKey?> KeyAsync(HttpContext context)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(
                context.Request.Body, cancellationToken: context.RequestAborted);
            return json.RootElement.TryGetProperty("key", out var text) && text.GetString() is { } key
                ? await context.RequestServices.GetRequiredService<KeyRing>().FindAsync(key.Trim())
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Task End(HttpContext context)
    {
        context.Response.Cookies.Delete(Session.Cookie, Options(context, lasts: null));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? lasts) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = Session.Scope,
        MaxAge = lasts,
    };
}
