namespace Worker.Ingestion;

/// <summary>
/// What became of a chunk whose every message is now durable, known already, or refused into the dead letters. Each message
/// is counted once: the sum of the counts is the number of messages.
/// </summary>
internal readonly record struct ChunkResult(int Stored, int Unchanged, int Collapsed, int Absorbed, int Refused);
