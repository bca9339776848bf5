using System.Diagnostics;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// A <see cref="CatalogKey"/> as stores write it: <c>file:ID</c>, <c>version:ID</c>,
/// <c>deployment:FILE_ID:ENVIRONMENT</c>. Two keys never share a text: in a deployment's File id, and nowhere else, a
/// colon is written <c>%3A</c> and a percent sign <c>%25</c>.
/// </summary>
internal static class CatalogKeyText
{
    private const string File = "file:";
    private const string Version = "version:";
    private const string Deployment = "deployment:";

    public static string Of(CatalogKey key) => key switch
    {
        FileKey file => File + file.FileId,
        VersionKey version => Version + version.VersionId,
        DeploymentKey slot => $"{Deployment}{Escape(slot.FileId)}:{slot.Environment}",
        _ => throw new UnreachableException($"There is no other key than these three: {key.GetType()}."),
    };

    /// <summary>The key that <see cref="Of"/> wrote. Throws <see cref="FormatException"/> for anything else.</summary>
    public static CatalogKey Parse(string text)
    {
        if (After(File, text) is { } fileId)
            return new FileKey(fileId);
        if (After(Version, text) is { } versionId)
            return new VersionKey(versionId);
        if (After(Deployment, text) is { } slot && slot.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
            return new DeploymentKey(Unescape(slot[..colon]), slot[(colon + 1)..]);
        throw new FormatException($"\"{text}\" is no key of a File, Version or deployment.");
    }

    private static string? After(string prefix, string text) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;

    private static string Escape(string id) =>
        id.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal);

    private static string Unescape(string id) =>
        id.Replace("%3A", ":", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
