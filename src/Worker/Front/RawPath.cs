using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Worker.Front;

/// <summary>The end of a path as it was sent: an id may hold slashes and dots, and anything that is escaped.</summary>
internal static class RawPath
{
    /// <summary>What follows that many segments, unescaped; empty where nothing does.</summary>
    public static string After(HttpContext context, int segments) =>
        Uri.UnescapeDataString(Raw(context, segments));

    private static ReadOnlySpan<char> Raw(HttpContext context, int segments)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        if (path.IndexOf('?') is >= 0 and var query)
            path = path[..query];
        if (path is not ['/', ..])
            path = WithoutHost(path);
        for (; segments >= 0; segments--)
        {
            var slash = path.IndexOf('/');
            if (slash < 0)
                return default;
            path = path[(slash + 1)..];
        }

        return path;
    }

    /// <summary>The segment behind that many, unescaped; empty where there is none.</summary>
    public static string Segment(HttpContext context, int segments)
    {
        var rest = Raw(context, segments);
        return Uri.UnescapeDataString(rest.IndexOf('/') is >= 0 and var slash ? rest[..slash] : rest);
    }

    /// <summary>Of the form that is sent to a proxy.</summary>
    private static ReadOnlySpan<char> WithoutHost(ReadOnlySpan<char> target)
    {
        var host = target[(target.IndexOf("://", StringComparison.Ordinal) + 3)..];
        return host.IndexOf('/') is >= 0 and var path ? host[path..] : default;
    }
}
