namespace Worker.Traces;

/// <summary>
/// The merge law: commutative, associative, idempotent. Per field, the higher <see cref="Stamp"/> wins and replaces whole, a
/// full tie falls to the greater hash of the value; sets only grow; bits only rise. A tombstone absorbs everything.
/// </summary>
internal static class LogMerge
{
    /// <summary>What the store holds after one more message. The only exceptions to the law are the refusals: the first wins.</summary>
    public static MergeResult Apply(Log? current, LogMessage message) => throw new NotImplementedException();

    /// <summary>The join of two states of one Log. Returns <paramref name="left"/> itself when <paramref name="right"/> adds nothing.</summary>
    public static Log Join(Log left, Log right) => throw new NotImplementedException();
}
