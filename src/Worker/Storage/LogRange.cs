using Worker.Traces;

namespace Worker.Storage;

/// <summary>Logs of one File, by when they were created (see <see cref="Log.CreatedAt"/>).</summary>
/// <param name="FileId">The File that they were found to belong to; not one that they only ask for by path.</param>
/// <param name="From">The earliest that is in it, in microseconds since the Unix epoch.</param>
/// <param name="Until">The earliest after it.</param>
internal sealed record LogRange(string FileId, long From = long.MinValue, long Until = long.MaxValue);
