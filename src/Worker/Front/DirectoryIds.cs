using System.Buffers.Text;
using System.Text;

namespace Worker.Front;

/// <summary>
/// Directories are part of Files' paths and are stored nowhere: the id of one is its path, in letters that may stand in
/// an address.
/// </summary>
internal static class DirectoryIds
{
    private const string Prefix = "dir_";
    private const string Root = "root";

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="path">Normalised; the root's is empty.</param>
    public static string Of(string path) =>
        Prefix + (path.Length == 0 ? Root : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(path)));

    /// <summary>Null where it is no directory's. <c>root</c> alone is the root, too.</summary>
    public static string? PathOf(string id)
    {
        if (id is Root or Prefix + Root)
            return "";
        if (!id.StartsWith(Prefix, StringComparison.Ordinal) || !Base64Url.IsValid(id.AsSpan(Prefix.Length)))
            return null;
        try
        {
            var path = Strict.GetString(Base64Url.DecodeFromChars(id.AsSpan(Prefix.Length)));
            return path.Length > 0 ? path : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The directory that this one, or that File, is in; null for the root.</summary>
    public static string? Above(string path) =>
        path.Length == 0 ? null : path.LastIndexOf('/') is > 0 and var end ? path[..end] : "";

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
