using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Worker.Front.Description;

/// <summary>
/// The description, and a page that shows it to people. Neither holds a secret, and a browser that opens the page has
/// no key to show: so both are read without one.
/// </summary>
internal static class DescriptionEndpoints
{
    public const string Path = "/openapi.json";

    private const string Page = "/docs";

    /// <summary>
    /// The page's program could do more than is asked of it here. The browser keeps it to this front: nothing of what
    /// is typed into it, a key for one, goes anywhere else.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, context => Answers.BytesAsync(
                context.Response, context.RequestServices.GetRequiredService<ApiDocument>().Json))
            .WithMetadata(new OpenToAll());
        routes.MapScalarApiReference(Page, Settings)
            .WithMetadata(new OpenToAll(), new ExcludeFromDescriptionAttribute())
            .Add(Confine);
    }

    /// <summary>Without what would hand the description on to others, or ask them for anything.</summary>
    private static void Settings(ScalarOptions page) => page
        .AddDocument("worker", "Worker", Path)
        .WithTitle("Worker")
        .DisableDefaultFonts()
        .DisableTelemetry()
        .DisableAgent()
        .HideClientButton()
        .HideDeveloperTools();

    private static void Confine(EndpointBuilder endpoint)
    {
        var inner = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return inner(context);
        };
    }
}
