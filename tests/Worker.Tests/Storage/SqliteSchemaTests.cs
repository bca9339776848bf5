using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Worker.Errors;
using Worker.Storage;
using Worker.Storage.Sqlite;

namespace Worker.Tests.Storage;

/// <summary>The steps of the schema: from every one of them to the last, at once and by many.</summary>
public sealed class SqliteSchemaTests : IDisposable
{
    private readonly SqliteTestStore _file = new();

    public static TheoryData<int> Earlier => [.. Enumerable.Range(2, SqliteSchema.Known - 1)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Earlier))]
    public async Task A_file_of_any_earlier_schema_holds_the_same_afterwards(int schema)
    {
        var logs = EarlierFile.Logs(5);
        EarlierFile.Write(_file.File, logs, schema);
        var found = (await ReadAsync()).ShouldNotBeNull();
        found.Found.ShouldBe(schema);
        found.Due.Select(step => step.Number).ShouldBe(Enumerable.Range(schema + 1, SqliteSchema.Known - schema));

        await using var store = await _file.OpenAsync(Cancellation);

        (await ReadAsync())!.Due.ShouldBeEmpty();
        var stored = await store.Logs.ReadAsync([.. logs.Select(log => log.Id)], Cancellation);
        foreach (var log in logs)
            stored[log.Id].Fields.ShouldBe(log.Fields);
        (await store.Traces.AllMembersAsync("flow 3", Cancellation)).Select(member => member.Id)
            .ShouldBe(["flow 3", "tool 3", "other 3"], ignoreOrder: true);
        (await store.Verdicts.ReadAsync(["flow 3"], Cancellation)).ShouldHaveSingleItem().Id.ShouldBe("verdict on flow 3");
        (await store.Inbox.PeekAsync(0, 10, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Several_that_lead_a_file_on_at_once_wait_for_each_other()
    {
        var logs = EarlierFile.Logs(2_000);
        EarlierFile.Write(_file.File, logs);
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                await using var database = new SqliteDatabase(
                    _file.Folder, TimeSpan.FromMilliseconds(50), NullLogger<SqliteDatabase>.Instance);
                await database.OpenAsync(Cancellation, _ => Interlocked.Increment(ref taken));
            },
            Cancellation)));

        taken.ShouldBe(SqliteSchema.Known - 2, "each step is taken once");
        await using var store = await _file.OpenAsync(Cancellation);
        (await store.Logs.ReadAsync([.. logs.Select(log => log.Id)], Cancellation)).Count.ShouldBe(logs.Count);
    }

    [Fact]
    public async Task A_file_that_a_later_version_has_added_to_can_be_used()
    {
        await (await _file.OpenAsync(Cancellation)).DisposeAsync();
        Change("ALTER TABLE logs ADD COLUMN later TEXT; PRAGMA user_version = 99");

        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Some.Log("a")], Cancellation);

        var state = (await ReadAsync()).ShouldNotBeNull();
        (state.Found, state.Needs, state.Due.Count).ShouldBe((99, 18, 0));
    }

    [Fact]
    public async Task A_file_that_needs_a_later_worker_is_left_alone()
    {
        await (await _file.OpenAsync(Cancellation)).DisposeAsync();
        Change("UPDATE worker_schema SET needs = 98; PRAGMA user_version = 99");

        var failure = await _file.OpenAsync(Cancellation).ShouldThrowAsync<StoreUnusableException>();

        failure.Message.ShouldBe(
            $"The database {_file.File} was written by a later version of worker " +
            $"(its schema is 99 and needs a worker that knows 98, this one knows {SqliteSchema.Known}): " +
            "use that version, or set Storage:Path to another folder.");
    }

    [Fact]
    public async Task A_document_of_a_later_format_is_not_taken_for_something_else()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Some.Log("a")], Cancellation);
        Change("""UPDATE logs SET document = replace(document, '"format":1', '"format":2')""");

        (await store.Logs.ReadAsync(["a"], Cancellation).ShouldThrowAsync<StoreUnusableException>()).Message
            .ShouldContain("its format is 2, this one knows 1");
    }

    private Task<SchemaState?> ReadAsync()
    {
        var database = new SqliteDatabase(_file.Folder, TimeSpan.FromSeconds(1), NullLogger<SqliteDatabase>.Instance);
        return new SqliteSchemaSteps(database).ReadAsync(Cancellation);
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_file.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
