using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Worker.Storage;
using Worker.Storage.Sqlite;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>
/// A SQLite file as an earlier version left it: judged traces of three Logs each, made by the second schema and led on
/// to any later one by the steps themselves.
/// </summary>
internal static class EarlierFile
{
    private const int Oldest = 2;

    public static IReadOnlyList<Log> Logs(int traces, int outputLength = 10) =>
    [
        .. Enumerable.Range(0, traces).SelectMany(number => new[]
        {
            Some.FlowLog($"flow {number}", complete: true, fields: (LogFields.Output, Text(number, outputLength))),
            Some.Log($"tool {number}", $"flow {number}", fields: (LogFields.Output, Text(number, outputLength))),
            Some.Log($"other {number}", $"flow {number}", fields: (LogFields.Inputs, $"{{\"$a.b\":{number}.0}}")),
        }).Select(log => log with { Resolution = new("tl_1", "tlv_1", VersionSource.Inline, null) }),
    ];

    public static void Write(string file, IEnumerable<Log> logs, int schema = Oldest)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            Run(connection, "PRAGMA journal_mode = WAL; BEGIN; " + SqliteSchemaScripts.First + SqliteSchemaScripts.Second);
            foreach (var log in logs)
                Add(connection, log);
            Run(connection, "INSERT INTO inbox (type, body, received_at, redeliveries) VALUES ('tool.logged', CAST('{\"log_id\":\"late\"}' AS BLOB), 7, 0)");
            Run(connection, $"PRAGMA user_version = {Oldest}; COMMIT");
        }

        using var session = new SqliteSession(file, SqliteOpenMode.ReadWrite, TimeSpan.FromSeconds(10));
        SqliteSchema.Migrate(session, file, until: schema);
    }

    private static void Add(SqliteConnection connection, Log log)
    {
        using var document = new MemoryStream();
        using (var json = new Utf8JsonWriter(document, LogDocument.WriterOptions))
            LogDocument.Write(log, json);
        using var insert = connection.CreateCommand();
        insert.CommandText =
            """
            INSERT INTO logs (id, version, kind, parent, complete, document)
            VALUES ($id, 1, $kind, $parent, $complete, CAST($document AS TEXT))
            """;
        insert.Parameters.AddWithValue("$id", log.Id);
        insert.Parameters.AddWithValue("$kind", log.Kind.WireName());
        insert.Parameters.AddWithValue("$parent", (object?)log.ParentId ?? DBNull.Value);
        insert.Parameters.AddWithValue("$complete", log.IsComplete ? 1 : 0);
        insert.Parameters.AddWithValue("$document", document.ToArray());
        insert.ExecuteNonQuery();
        if (log.IsComplete)
            Judge(connection, log.Id);
    }

    private static void Judge(SqliteConnection connection, string id) => Run(
        connection,
        $"""
        INSERT INTO runs (log_id, version, state, revision, watch_version, complete, opened_at, pins)
            VALUES ('{id}', 1, 'judged', 1, 1, 1, 1, '[]');
        INSERT INTO decisions VALUES ('{id}', 1, 'ev_1', 'evv_1', 'ran', NULL, 1);
        INSERT INTO evaluator_logs VALUES
            ('verdict on {id}', '{id}', 1, 'ev_1', 'evv_1', 'p', 'true', NULL, NULL, 1, 2, NULL);
        """);

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Text(int number, int length)
    {
        var text = new StringBuilder("\"");
        while (text.Length < length)
            text.Append(number).Append(' ');
        return text.Append('"').ToString();
    }
}
