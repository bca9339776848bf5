namespace Worker.Storage;

/// <summary>A Log that stands, and what it is under.</summary>
/// <param name="AboveId">Its parent, or what it is a verdict on, stored or not; null where it names neither.</param>
internal sealed record OldLog(string Id, string? AboveId);
