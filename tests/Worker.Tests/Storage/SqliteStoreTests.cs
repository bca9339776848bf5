using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Worker.Errors;
using Worker.Storage;
using Worker.Storage.Sqlite;
using Worker.Traces;

namespace Worker.Tests.Storage;

/// <summary>What only SQLite can get wrong: its file, its errors, its schema, its one writer.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private readonly SqliteTestStore _file = new() { BusyTimeout = TimeSpan.FromMilliseconds(20) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task The_folder_is_made_and_the_log_is_flushed_with_every_commit()
    {
        await using var store = await _file.OpenAsync(Cancellation);

        File.Exists(_file.File).ShouldBeTrue();
        store.Store.Description.ShouldContain(_file.File);
        Scalar("PRAGMA journal_mode").ShouldBe("wal");
    }

    [Fact]
    public async Task A_locked_database_is_unavailable_and_says_so()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        using var other = Connect();
        Run(other, "BEGIN EXCLUSIVE");

        var failure = await store.Store.ProbeAsync(Cancellation).ShouldThrowAsync<StoreUnavailableException>();

        failure.Message.ShouldBe($"The database {_file.File} is locked by another process: end that process, or wait until it has finished.");
        Run(other, "ROLLBACK");
        await store.Store.ProbeAsync(Cancellation);
    }

    [Fact]
    public async Task A_database_that_is_locked_at_the_start_can_be_prepared_later()
    {
        using (var other = Connect(create: true))
        {
            Run(other, "BEGIN EXCLUSIVE; CREATE TABLE other (id)");
            await using var early = _file.Create();
            await early.Store.PrepareAsync(Cancellation).ShouldThrowAsync<StoreUnavailableException>();
            Run(other, "ROLLBACK");

            await early.Store.PrepareAsync(Cancellation);
            await early.Store.ProbeAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Reading_can_begin_beside_a_process_that_holds_the_write_lock()
    {
        await using (var store = await _file.OpenAsync(Cancellation))
            await store.Logs.WriteAsync([Some.Log("a")], Cancellation);
        using var other = Connect();
        Run(other, "BEGIN IMMEDIATE");

        await using var reader = await _file.OpenAsync(Cancellation);

        (await reader.Logs.ReadAsync(["a"], Cancellation)).Keys.ShouldBe(["a"]);
    }

    [Fact]
    public async Task What_another_process_has_removed_is_not_taken_for_what_stands_in_its_place()
    {
        await using var one = await _file.OpenAsync(Cancellation);
        await using var other = await _file.OpenAsync(Cancellation);
        await one.Logs.WriteAsync([Some.Log("a")], Cancellation);
        await other.Logs.WriteAsync([Some.Tombstone("a") with { Version = 1 }], Cancellation);
        (await other.Removals.ForgetAsync(["a"], Cancellation)).ShouldBe(1);
        await other.Logs.WriteAsync([Some.Log("b")], Cancellation);
        Scalar("SELECT group_concat(seq || id) FROM logs").ShouldBe("1b");

        (await one.Logs.WriteAsync([Some.Log("a")], Cancellation)).Lost.ShouldBeEmpty();

        (await other.Logs.ReadAsync(["a", "b"], Cancellation)).Keys.ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task However_large_the_logs_of_one_write_are_each_is_stored_but_what_is_too_large()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        var tooLarge = Some.Log("too-large", fields: (LogFields.Output, $"\"{new string('x', LogDocument.MaxBytes)}\""));
        Log[] logs = [tooLarge, Some.Log("first"), Large("one"), Large("two"), tooLarge with { Id = "again" }, Some.Log("last")];

        var result = await store.Logs.WriteAsync(logs, Cancellation);

        result.TooLarge.ShouldBe(["too-large", "again"]);
        result.Lost.ShouldBeEmpty();
        (await store.Logs.ReadAsync([.. logs.Select(log => log.Id)], Cancellation)).Keys.ShouldBe(
            ["first", "one", "two", "last"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_log_is_copied_into_the_file_before_it_grows_for_ever()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        for (var number = 0; number < 16; number++)
            await store.Logs.WriteAsync([Large($"log-{number}")], Cancellation);

        new FileInfo(_file.File).Length.ShouldBeGreaterThan(60_000_000);
        new FileInfo(_file.File + "-wal").Length.ShouldBeLessThan(120_000_000);
    }

    [Fact]
    public async Task A_full_disk_is_unavailable_and_what_was_written_before_stands()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Some.Log("before")], Cancellation);
        await SqliteTestStore.LimitPagesAsync(store, Cancellation);

        var failure = await store.Logs.WriteAsync([Large("large")], Cancellation).ShouldThrowAsync<StoreUnavailableException>();

        failure.Message.ShouldBe($"The disk that holds the database {_file.File} is full: free some space.");
        (await store.Logs.ReadAsync(["before", "large"], Cancellation)).Keys.ShouldBe(["before"]);
    }

    [Fact]
    public async Task A_write_that_fails_fails_alone()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await SqliteTestStore.LimitPagesAsync(store, Cancellation);

        // While the writer is held, the others gather into one group.
        using var gate = new ManualResetEventSlim();
        var held = SqliteTestStore.WriteAsync(store, _ => gate.Wait(Cancellation), Cancellation);
        var writes = Enumerable.Range(0, 20)
            .Select(number => store.Logs.WriteAsync([number == 10 ? Large("large") : Some.Log($"small-{number}")], Cancellation))
            .ToList();
        gate.Set();
        await held;

        await writes[10].ShouldThrowAsync<StoreUnavailableException>();
        foreach (var write in writes.Where(write => write != writes[10]))
            (await write).Lost.ShouldBeEmpty();
        (await store.Logs.ReadAsync([.. Enumerable.Range(0, 20).Select(number => $"small-{number}")], Cancellation)).Count.ShouldBe(19);
    }

    [Fact]
    public async Task A_read_only_database_is_unusable_and_says_so()
    {
        await (await _file.OpenAsync(Cancellation)).DisposeAsync();
        using var database = new SqliteSession(_file.File, SqliteOpenMode.ReadOnly, TimeSpan.Zero);

        var error = Should.Throw<SqliteException>(() => database.Prepare("DELETE FROM logs").Run());

        var failure = SqliteErrors.Translate(error, _file.File).ShouldBeOfType<StoreUnusableException>();
        failure.Message.ShouldBe($"The database {_file.File} is read-only: make the file and its folder writable, or set Storage:Path to another folder.");
    }

    [Fact]
    public async Task Something_that_is_no_database_is_unusable_and_stays_as_it_is()
    {
        var bytes = Enumerable.Repeat((byte)'x', 5_000).ToArray();
        await File.WriteAllBytesAsync(_file.File, bytes, Cancellation);

        var failure = await PrepareAsync().ShouldThrowAsync<StoreUnusableException>();

        failure.Message.ShouldBe(
            $"The file {_file.File} is not a database or is damaged: restore it from a backup, or move it away to begin with an empty one.");
        (await File.ReadAllBytesAsync(_file.File, Cancellation)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_damaged_database_is_unusable()
    {
        await using (var store = await _file.OpenAsync(Cancellation))
            await store.Logs.WriteAsync(
                [.. Enumerable.Range(0, 1_000).Select(number => Some.Log($"log-{number}"))], Cancellation);
        await using (var file = File.OpenWrite(_file.File))
        {
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray(), Cancellation);
        }

        await using var damaged = _file.Create();
        var failure = await Should.ThrowAsync<StoreUnusableException>(async () =>
        {
            await damaged.Store.PrepareAsync(Cancellation);
            await damaged.Logs.ReadAsync(["log-1"], Cancellation);
        });
        failure.Message.ShouldContain("damaged");
    }

    [Fact]
    public async Task A_folder_in_the_place_of_the_file_is_unusable()
    {
        Directory.CreateDirectory(_file.File);

        var failure = await PrepareAsync().ShouldThrowAsync<StoreUnusableException>();

        failure.Message.ShouldBe(
            $"The database {_file.File} cannot be opened: see that it is a file in a folder that may be written, or set Storage:Path to another folder.");
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_folder_is_unusable()
    {
        var path = Path.Combine(_file.Folder, "taken");
        await File.WriteAllTextAsync(path, "", Cancellation);
        await using var database = new SqliteDatabase(
            path, TimeSpan.Zero, Microsoft.Extensions.Logging.Abstractions.NullLogger<SqliteDatabase>.Instance);

        var failure = await database.OpenAsync(Cancellation).ShouldThrowAsync<StoreUnusableException>();

        failure.Message.ShouldEndWith("set Storage:Path to a folder that may be written.");
    }

    [Fact]
    public async Task What_is_in_a_database_of_an_earlier_version_is_found_and_listed()
    {
        var file = new Resolution("tl_1", "tlv_1", VersionSource.Inline, null);
        var instants = new[] { 0L, -1, 1, 999_999, 1_000_000, 1_500_000, 1_767_225_600_123_456, -62_000_000_000_000_000 };
        Log[] logs =
        [
            .. instants.Select(instant => Some.Log($"received {instant}") with { FirstReceivedAt = instant, Resolution = file }),
            .. instants.Select(instant => Some.Log($"created {instant}", fields: [(LogFields.CreatedAt, Timestamps.ToJson(instant).ToString())]) with { Resolution = file }),
            Some.Log("with \0 in it"),
        ];
        await WriteByTheSecondVersionAsync(logs);
        await using var later = await _file.OpenAsync(Cancellation);

        (await later.Logs.ReadAsync([.. logs.Select(log => log.Id)], Cancellation)).Values.Select(log => log.Id).Order()
            .ShouldBe(logs.Select(log => log.Id).Order());
        (await later.Logs.WriteAsync([logs[0] with { Version = 1 }, logs[1]], Cancellation)).Lost.ShouldBe([logs[1].Id]);
        (await later.Traces.LabelsAsync(["with \0 in it", logs[0].Id], Cancellation)).Values
            .ShouldBe([new TraceLabel("with \0 in it", "flow", "fl_1", Late: true)]);
        (await later.Verdicts.ReadAsync([logs[0].Id], Cancellation)).Select(verdict => verdict.Id).ShouldBe(["verdict"]);
        (await later.Listings.DeploymentsAsync("tl_1", Cancellation)).ShouldBe([new("tl_1", "staging", "tlv_1")]);
        foreach (var instant in instants)
        {
            (await later.Listing.PageAsync(new("tl_1", instant, instant + 1), 0, 10, Cancellation)).Order()
                .ShouldBe([$"created {instant}", $"received {instant}"]);
        }
    }

    [Fact]
    public async Task Verdicts_of_a_database_without_alerts_are_found_by_when_they_were_given()
    {
        using (var file = Connect(create: true))
        {
            foreach (var script in new[] { SqliteSchemaScripts.First, SqliteSchemaScripts.Second, SqliteSchemaScripts.Third, SqliteSchemaScripts.Fourth, SqliteSchemaScripts.Fifth, SqliteSchemaScripts.Sixth, SqliteSchemaScripts.Seventh, SqliteSchemaScripts.Eighth, SqliteSchemaScripts.Ninth })
                Run(file, script);
            Run(file, "PRAGMA user_version = 9");
            Run(file, $"INSERT INTO evaluator_logs (log_id, revision, evaluator_id, id, evaluator_version_id, path, judgment, start_time, end_time, details) VALUES ('log', 1, 'ev_1', 'verdict', 'evv_1', 'p', 'true', {Some.Micros(1)}, {Some.Micros(2)}, '{{\"cost\":0.5}}')");
            Run(file, "INSERT INTO runs (log_id, version, state, revision, watch_version, complete, opened_at, pins) VALUES ('log', 1, 'judged', 1, 1, 1, 1, '[]')");
            Run(file, "INSERT INTO decisions VALUES ('log', 1, 'ev_1', 'evv_1', 'ran', NULL, 0), ('log', 1, 'ev_2', 'evv_2', 'paused', 'why', 0)");
        }

        await using var later = await _file.OpenAsync(Cancellation);

        (await later.Given.ReadAsync("ev_1", Some.Time, Some.At(10), Cancellation).SingleAsync(Cancellation)).ShouldBe(
            [new("verdict", "log", Some.Json("true"), IsFailed: false, IsLater: false, 0.5m, Some.At(1), Some.At(2)) { VersionId = "evv_1" }]);
        (await later.Given.PutOffAsync(Worker.Runs.Outcome.Paused, null, 10, Cancellation)).LogIds.ShouldBe(["log"]);
        (await later.Alerts.ListAsync(Cancellation)).ShouldBeEmpty();
        (await later.Alerts.SaveAsync(new() { Name = "a", Since = Some.Time, OpenedAt = Some.Time }, Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_id_is_found_wherever_it_has_moved_to()
    {
        const int Logs = 20_000;
        await using var store = await _file.OpenAsync(Cancellation);
        foreach (var chunk in Enumerable.Range(0, Logs).Select(number => Some.Log($"log {number}")).Chunk(1_000))
            (await store.Logs.WriteAsync(chunk, Cancellation)).Lost.ShouldBeEmpty();

        foreach (var table in new[] { "log_ids_0", "log_ids_1", "log_ids_2" })
            ((long)Scalar($"SELECT count(*) FROM {table}")!).ShouldBeGreaterThan(0);
        Scalar("SELECT (SELECT count(*) FROM log_ids_0) + (SELECT count(*) FROM log_ids_1) + (SELECT count(*) FROM log_ids_2)")
            .ShouldBe((long)Logs);
        foreach (var chunk in Enumerable.Range(0, Logs).Select(number => $"log {number}").Chunk(1_000))
        {
            (await store.Logs.ReadAsync(chunk, Cancellation)).Keys.ShouldBe(chunk, ignoreOrder: true);
            (await store.Logs.WriteAsync([.. chunk.Select(id => Some.Log(id))], Cancellation)).Lost.ShouldBe(chunk);
        }
    }

    [Fact]
    public async Task Ids_whose_keys_are_equal_are_told_apart()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Some.Log("a"), Some.Log("b")], Cancellation);
        using var other = Connect();
        Run(other, "UPDATE log_ids_0 SET seq = 3 - seq");
        (await store.Logs.ReadAsync(["a", "b"], Cancellation)).ShouldBeEmpty("the key of each leads to the other");

        Run(other, "INSERT INTO log_ids_0 SELECT key, 3 - seq FROM log_ids_0");
        (await store.Logs.ReadAsync(["a", "b"], Cancellation)).Select(found => (found.Key, found.Value.Id))
            .ShouldBe([("a", "a"), ("b", "b")]);
        (await store.Logs.WriteAsync([Some.Log("a"), Some.Log("b")], Cancellation)).Lost.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_file_is_made_by_whatever_is_asked_first()
    {
        await using var store = _file.Create();

        (await store.Logs.ReadAsync(["a"], Cancellation)).ShouldBeEmpty();
        File.Exists(_file.File).ShouldBeTrue();
    }

    [Fact]
    public async Task People_can_query_documents_and_columns_while_the_worker_runs()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Some.FlowLog("flow", complete: true, fields: [(LogFields.Inputs, """{"q":{"lang":"de"}}""")]), Some.Log("tool", parent: "flow")], Cancellation);

        Scalar("SELECT document ->> '$.inputs.q.lang' FROM logs WHERE complete").ShouldBe("de");
        Scalar("SELECT count(*) FROM logs WHERE json_valid(document) AND typeof(document) = 'text'").ShouldBe(2L);
    }

    [Fact]
    public async Task A_label_touches_neither_document_nor_version()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Some.Log("tool")], Cancellation);
        var before = Scalar("SELECT version || document FROM logs");

        await store.Traces.LabelAsync([new TraceLabel("tool", "flow", "fl_1", Late: false)], Cancellation);

        Scalar("SELECT version || document FROM logs").ShouldBe(before);
        Scalar("SELECT trace_id || trace_flow_id || late FROM labels").ShouldBe("flowfl_10");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task What_was_erased_is_not_left_in_the_file(int length)
    {
        var secret = string.Concat(Enumerable.Repeat("secret!", length / 7));
        await using (var store = await _file.OpenAsync(Cancellation))
        {
            await store.Logs.WriteAsync([Some.Log("before"), Some.Log("erased", fields: [(LogFields.Output, $"\"{secret}\"")]), Some.Log("after")], Cancellation);
            await store.Logs.WriteAsync([Some.Log("erased") with { Withheld = true, Version = 1 }], Cancellation);
        }

        Directory.GetFiles(_file.Folder).ShouldBe([_file.File], "the log is gone with the last one who closed it");
        (await File.ReadAllBytesAsync(_file.File, Cancellation)).AsSpan().IndexOf("secret!"u8).ShouldBe(-1);
    }

    [Theory]
    [InlineData("SELECT * FROM log_ids_2 WHERE key = 1")]
    [InlineData("SELECT * FROM labels WHERE seq = 1")]
    [InlineData("SELECT * FROM logs WHERE parent = 'a'")]
    [InlineData("SELECT id FROM logs WHERE missing = 'a' AND id > 'b' ORDER BY id LIMIT 1")]
    [InlineData("SELECT id FROM logs WHERE complete AND id > 'a' ORDER BY id LIMIT 1")]
    [InlineData(SqliteLogListing.Count)]
    [InlineData(SqliteLogListing.Page)]
    [InlineData(SqliteLogListing.Read)]
    [InlineData(SqliteTextIndex.Place)]
    [InlineData(SqliteAgeListing.Oldest)]
    [InlineData(SqliteAgeListing.Tombstones)]
    [InlineData(SqliteFileListing.FindFile)]
    [InlineData(SqliteFileListing.FindVersions)]
    [InlineData(SqliteFileListing.FindVersion)]
    [InlineData(SqliteFileListing.FindDeployments)]
    [InlineData(SqliteRunStore.FindDue)]
    [InlineData(SqliteAuditStore.Find)]
    [InlineData(SqliteAuditStore.Forget)]
    [InlineData(SqliteVerdictListing.Read)]
    [InlineData(SqliteVerdictListing.CountPutOff)]
    [InlineData(SqliteVerdictListing.FindPutOff)]
    [InlineData(SqliteEvaluatorLogStore.Find)]
    [InlineData(SqliteEvaluatorLogStore.FindJudged)]
    [InlineData(SqliteRunRows.FindDecisions)]
    [InlineData(SqliteRunStore.FindDecided)]
    [InlineData("DELETE FROM attempts WHERE log_id = 'a'")]
    [InlineData("SELECT log_id FROM runs WHERE log_id > 'a' ORDER BY log_id LIMIT 1")]
    public async Task No_question_asked_on_the_way_reads_a_whole_table_or_sorts(string sql)
    {
        await using var store = await _file.OpenAsync(Cancellation);
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        using var rows = command.ExecuteReader();
        var plan = new List<string>();
        while (rows.Read())
            plan.Add(rows.GetString(3));

        plan.ShouldNotBeEmpty();
        plan.RemoveAll(step => step is "MERGE (UNION ALL)" or "LEFT" or "RIGHT" || step.Contains("SUBQUERY"));
        plan.RemoveAll(step => step.StartsWith("SCAN json_each", StringComparison.Ordinal));
        plan.ShouldAllBe(step => step.StartsWith("SEARCH") && step.Contains("INDEX") || step.StartsWith("SEARCH") && step.Contains("PRIMARY KEY"));
    }

    private async Task WriteByTheSecondVersionAsync(IEnumerable<Log> logs)
    {
        using var file = Connect(create: true);
        Run(file, SqliteSchemaScripts.First + SqliteSchemaScripts.Second + "PRAGMA user_version = 2");
        Run(file, "INSERT INTO deployments VALUES ('deployment:tl_1:staging', 'tl_1', 'staging', 'tlv_1')");
        foreach (var log in logs)
        {
            using var document = new MemoryStream();
            await using (var json = new Utf8JsonWriter(document, LogDocument.WriterOptions))
                LogDocument.Write(log, json);
            using var insert = file.CreateCommand();
            insert.CommandText = "INSERT INTO logs (id, version, kind, complete, document) VALUES (CAST($id AS TEXT), 1, 'tool', 0, CAST($document AS TEXT))";
            insert.Parameters.AddWithValue("$id", Encoding.UTF8.GetBytes(log.Id));
            insert.Parameters.AddWithValue("$document", document.ToArray());
            insert.ExecuteNonQuery();
        }

        Run(file, "UPDATE logs SET trace_id = 'flow', trace_flow_id = 'fl_1', late = 1 WHERE id LIKE 'with%'");
        Run(file, "INSERT INTO runs (log_id, version, state, revision, watch_version, complete, opened_at, pins) VALUES ('received 0', 1, 'judged', 1, 1, 1, 1, '[]')");
        Run(file, "INSERT INTO evaluator_logs VALUES ('verdict', 'received 0', 1, 'ev_1', 'evv_1', 'p', 'true', NULL, NULL, 0, 0, NULL)");
    }

    private async Task PrepareAsync()
    {
        await using var store = _file.Create();
        await store.Store.PrepareAsync(Cancellation);
    }

    private static Log Large(string id) =>
        Some.Log(id, fields: [(LogFields.Output, $"\"{new string('x', 10_000_000)}\"")]);

    private object? Scalar(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private SqliteConnection Connect(bool create = false)
    {
        var connection = new SqliteConnection(
            $"Data Source={_file.File};Pooling=False;Mode={(create ? "ReadWriteCreate" : "ReadWrite")}");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
