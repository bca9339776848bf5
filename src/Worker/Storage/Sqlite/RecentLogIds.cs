namespace Worker.Storage.Sqlite;

/// <summary>
/// Where the Logs stand that a session stored last: most are asked for again when their trace settles. A hint, of fixed
/// size, which a rollback or another process may have made wrong: whoever follows it looks whether the Log is there.
/// </summary>
internal sealed class RecentLogIds
{
    private const int Places = 1 << 16;

    private readonly (long Key, long Seq)[] _places = new (long Key, long Seq)[Places];

    public void Add(long key, long seq) => _places[PlaceOf(key)] = (key, seq);

    /// <summary>Null where none is remembered.</summary>
    public long? Find(long key) => _places[PlaceOf(key)] is { Seq: > 0 } place && place.Key == key ? place.Seq : null;

    private static int PlaceOf(long key) => (int)(key & (Places - 1));
}
