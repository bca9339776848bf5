using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace Worker.Storage.Sqlite;

/// <summary>
/// Where the Log of an id stands (<c>logs.seq</c>). Ids come in no order, so that in one index nearly every new Log
/// would write another page, twice, and the more of them the more Logs are stored. Here new ones go into a small table,
/// whose entries move on into a larger one, and from there into the largest, many to a page (a log-structured merge
/// tree of three tiers). A step of moving is due at every so many Logs and takes the next part of the keys: so no write
/// waits for a large one, and which step is next need not be remembered.
/// </summary>
internal static class SqliteLogIds
{
    private const string FindSeed = "SELECT value FROM log_id_seed";

    private const string Add = "INSERT INTO log_ids_0 (key, seq) VALUES (?, ?)";

    private const string AddEarlier = "INSERT INTO log_ids_2 (key, seq) VALUES (?, ?)";

    private const string FindAll = "SELECT seq, id FROM logs ORDER BY seq";

    private const string Find =
        """
        SELECT seq FROM (
            SELECT seq FROM log_ids_0 WHERE key = ?1
            UNION ALL SELECT seq FROM log_ids_1 WHERE key = ?1
            UNION ALL SELECT seq FROM log_ids_2 WHERE key = ?1
        ) CROSS JOIN logs USING (seq) WHERE id = ?2
        """;

    private const string Stands = "SELECT 1 FROM logs WHERE seq = ? AND id = ?";

    private static readonly IReadOnlyList<string> Removes =
        [.. Enumerable.Range(0, 3).Select(tier => $"DELETE FROM log_ids_{tier} WHERE key = ? AND seq = ?")];

    /// <summary>The keys move in so many parts, each a range of the same width.</summary>
    private const int PartBits = 6;

    private static readonly ImmutableArray<Tier> Tiers =
    [
        new(
            Every: 256,
            "INSERT INTO log_ids_1 SELECT key, seq FROM log_ids_0 WHERE key BETWEEN ? AND ?",
            "DELETE FROM log_ids_0 WHERE key BETWEEN ? AND ?"),
        new(
            Every: 4096,
            "INSERT INTO log_ids_2 SELECT key, seq FROM log_ids_1 WHERE key BETWEEN ? AND ?",
            "DELETE FROM log_ids_1 WHERE key BETWEEN ? AND ?"),
    ];

    /// <summary>The row of the Log; null when none is stored.</summary>
    public static long? SeqOf(this SqliteSession session, string id)
    {
        var key = KeyOf(session, id);
        if (session.RecentLogIds?.Find(key) is { } recent && session.Prepare(Stands).Bind(recent).Bind(id).Any())
            return recent;
        using var row = session.Prepare(Find).Bind(key).Bind(id);
        return row.Next() ? row.Long(0) : null;
    }

    /// <summary>Makes the row that was inserted last be found, in the same transaction.</summary>
    public static void AddLogId(this SqliteSession session, string id)
    {
        var (key, seq) = (KeyOf(session, id), session.LastRowId);
        session.Prepare(Add).Bind(key).Bind(seq).Run();
        (session.RecentLogIds ??= new()).Add(key, seq);
        foreach (var tier in Tiers)
        {
            var (step, rest) = Math.DivRem(seq, tier.Every);
            if (rest == 0)
                Move(session, tier, step);
        }
    }

    /// <summary>Makes that row no longer be found.</summary>
    public static void RemoveLogId(this SqliteSession session, string id, long seq)
    {
        var key = KeyOf(session, id);
        foreach (var remove in Removes)
            session.Prepare(remove).Bind(key).Bind(seq).Run();
    }

    /// <summary>Makes every Log be found that an earlier version stored.</summary>
    public static void AddEarlierLogIds(this SqliteSession session)
    {
        using var logs = session.Prepare(FindAll);
        while (logs.Next())
            session.Prepare(AddEarlier).Bind(KeyOf(session, logs.Text(1))).Bind(logs.Long(0)).Run();
    }

    /// <summary>
    /// Spreads ids evenly, whatever they look like. Two may have one key: who looks for an id compares it. The seed is
    /// the file's own and secret, so that nobody can choose ids that all have one.
    /// </summary>
    private static long KeyOf(SqliteSession session, string id)
    {
        var seed = session.LogIdSeed ??= ReadSeed(session);
        var size = Encoding.UTF8.GetMaxByteCount(id.Length);
        var utf8 = size <= 1024 ? stackalloc byte[1024] : new byte[size];
        return (long)XxHash3.HashToUInt64(utf8[..Encoding.UTF8.GetBytes(id, utf8)], seed);
    }

    private static long ReadSeed(SqliteSession session)
    {
        using var row = session.Prepare(FindSeed);
        row.Next();
        return row.Long(0);
    }

    private static void Move(SqliteSession session, Tier tier, long step)
    {
        var width = 1L << (64 - PartBits);
        var first = unchecked(long.MinValue + (step % (1 << PartBits) * width));
        var last = first + (width - 1);
        session.Prepare(tier.Copy).Bind(first).Bind(last).Run();
        session.Prepare(tier.Clear).Bind(first).Bind(last).Run();
    }

    /// <summary>From one table into the next, one part at every so many Logs.</summary>
    private sealed record Tier(int Every, string Copy, string Clear);
}
