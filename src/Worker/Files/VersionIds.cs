using System.Collections.Concurrent;
using Worker.Traces;

namespace Worker.Files;

/// <summary>
/// <see cref="DerivedIds"/> of Files and Versions, remembered: a few Files and details make most of the Logs. Bounded;
/// safe for concurrent use.
/// </summary>
internal sealed class VersionIds
{
    private const int Remembered = 10_000;
    private const int LargestDetails = 16 * 1024;

    private readonly ConcurrentDictionary<(LogKind, string Path), LoggedFile> _files = new();
    private readonly ConcurrentDictionary<(LogKind, string FileId, JsonValue Details), FileVersion> _versions = new();

    /// <summary>The File at that path, however it is spelled; null when nothing is left of the path.</summary>
    public LoggedFile? File(LogKind kind, string path)
    {
        if (_files.TryGetValue((kind, path), out var known))
            return known;

        var normal = DerivedIds.NormalPath(path);
        if (normal.Length == 0)
            return null;
        var file = new LoggedFile(DerivedIds.File(kind, normal), kind, normal);
        Remember(_files, (kind, path), file);
        return file;
    }

    /// <summary>The Version of a File that those details make.</summary>
    public FileVersion Version(LogKind kind, string fileId, JsonValue details)
    {
        if (_versions.TryGetValue((kind, fileId, details), out var known))
            return known;

        // A copy: the value is a slice of a whole message, which is not to be kept alive.
        var copy = new JsonValue(details.Utf8.ToArray());
        var version = new FileVersion(
            DerivedIds.Version(kind, fileId, VersionDetails.Normalise(kind, copy)), fileId, copy);
        if (copy.Utf8.Length <= LargestDetails)
            Remember(_versions, (kind, fileId, copy), version);
        return version;
    }

    private static void Remember<TKey, TValue>(ConcurrentDictionary<TKey, TValue> known, TKey key, TValue value)
        where TKey : notnull
    {
        if (known.Count >= Remembered)
            known.Clear();
        known.TryAdd(key, value);
    }
}
