using Microsoft.AspNetCore.Http;

namespace Worker.Viewer;

/// <summary>
/// What keeps the page to itself: it loads nothing from elsewhere, runs nothing but its own files, makes no markup of
/// text, and is shown in nobody's frame.
/// </summary>
internal static class BrowserHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    public static void Set(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
