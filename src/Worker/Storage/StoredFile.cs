using Worker.Files;

namespace Worker.Storage;

/// <summary>A File, and since when it is stored.</summary>
internal sealed record StoredFile(LoggedFile File, DateTimeOffset Since);
