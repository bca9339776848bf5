using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Worker.Storage;

namespace Worker.Front;

/// <summary>
/// Somebody who has shown a key once, in a browser: a cookie with the key's id and an end, signed by what is stored of
/// the key. So every worker knows it without remembering it, the key itself is in no browser, and it ends with the key.
/// For the viewer's own requests alone.
/// </summary>
internal static class Session
{
    public const string Cookie = "worker-session";

    /// <summary>What it opens: the viewer's requests alone, so no other page's can use it.</summary>
    public const string Scope = "/ui/";

    public static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    /// <summary>What the browser keeps.</summary>
    public static string Of(ApiKey key, DateTimeOffset now)
    {
        var end = (now + Lasts).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{key.Id}.{end}.{Signature(key, end)}";
    }

    /// <summary>
    /// The id of the key that a request's cookie was made of; null where it has none that could be one.
    /// </summary>
    public static string? KeyIdOf(HttpRequest request) =>
        IsOwn(request) && request.Cookies[Cookie]?.Split('.') is [{ Length: > 0 } id, _, _] ? id : null;

    /// <summary>Takes as long for a wrong one as for a right one.</summary>
    public static bool Opens(HttpRequest request, ApiKey key, DateTimeOffset now)
    {
        if (request.Cookies[Cookie]?.Split('.') is not [_, var end, var signature]
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        var isSigned = CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Signature(key, end)));
        return isSigned && now.ToUnixTimeSeconds() < seconds;
    }

    /// <summary>A request that changes something has to come from the page itself.</summary>
    private static bool IsOwn(HttpRequest request) =>
        request.Path.StartsWithSegments("/ui", StringComparison.Ordinal)
        && (HttpMethods.IsGet(request.Method) || request.Headers["Sec-Fetch-Site"] == "same-origin");

    private static string Signature(ApiKey key, string end) => Base64Url.EncodeToString(
        HMACSHA256.HashData(Convert.FromHexString(key.Hash), Encoding.UTF8.GetBytes($"session {key.Id} {end}")));
}
