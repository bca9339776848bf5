namespace Worker.Ingestion;

/// <summary>What makes one chunk: so many messages or bytes at most, and a suspect alone.</summary>
/// <param name="Count">Messages in a chunk at most.</param>
/// <param name="Bytes">Body bytes in a chunk at most; a single longer message is a chunk of its own.</param>
internal sealed record ChunkRules(int Count, long Bytes)
{
    /// <summary>What is written together stays small beside what may be held.</summary>
    public const long DefaultBytes = 8 * 1024 * 1024;

    /// <summary>Whether <paramref name="next"/> may join a chunk that so far has <paramref name="count"/> messages.</summary>
    public bool Admit(InboundMessage next, int count, long bytes, bool hasSuspect) =>
        count == 0 || (count < Count && bytes + next.Body.Length <= Bytes && !hasSuspect && !PoisonGuard.IsSuspect(next));
}
