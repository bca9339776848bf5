using Microsoft.AspNetCore.Http;

namespace Worker.Front;

/// <summary>
/// Keeps web pages out, as long as there are no keys: a page that anybody shows in a browser on this machine could else
/// post here, or read from here under a name that it has pointed at the loopback.
/// </summary>
internal static class LoopbackGuard
{
    /// <summary>Why that request is not let in, as a sentence; null where it is.</summary>
    public static string? Refusal(HttpRequest request)
    {
        if (!FrontAddress.IsLoopbackHost(request.Host.Host.Trim('[', ']')))
            return "The front answers to 127.0.0.1, [::1] and localhost alone; send that as the Host.";
        return request.Headers.Origin.Count > 0 && !IsOwn(request)
            ? "The front takes nothing from a web page of another origin; send it from a program."
            : null;
    }

    private static bool IsOwn(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
