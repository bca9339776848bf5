using System.Runtime.CompilerServices;

namespace Worker.Storage.Sqlite;

/// <summary>
/// Goes through the texts of an index in their order, in pages: each is a read of its own, so that none holds up the
/// copying of the log.
/// </summary>
internal static class SqliteWalk
{
    private const int Page = 1000;

    /// <param name="sql">
    /// Gives texts in ascending order, each once: those above its first parameter, as many as its second.
    /// </param>
    public static async IAsyncEnumerable<string> WalkAsync(
        this SqliteDatabase database, string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = "";
        while (true)
        {
            var after = last;
            var page = await database.ReadAsync(
                session => session.Prepare(sql).Bind(after).Bind(Page).All(row => row.Text(0)), cancellationToken);
            foreach (var text in page)
                yield return text;
            if (page.Count < Page)
                yield break;
            last = page[^1];
        }
    }
}
