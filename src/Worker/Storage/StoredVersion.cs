using Worker.Files;

namespace Worker.Storage;

/// <summary>A Version, and since when it is stored.</summary>
internal sealed record StoredVersion(FileVersion Version, DateTimeOffset Since);
