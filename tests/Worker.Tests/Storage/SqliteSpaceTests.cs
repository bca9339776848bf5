using Microsoft.Data.Sqlite;
using Worker.Traces;

namespace Worker.Tests.Storage;

/// <summary>What is freed in the file goes back to the disk.</summary>
public sealed class SqliteSpaceTests : IDisposable
{
    private readonly SqliteTestStore _file = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_file_becomes_as_much_smaller_as_is_said_and_its_log_stays_bounded()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await FillAsync(store);
        var (inUse, before) = (await store.Space!.InUseAsync(Cancellation), PageCount() * 4096);
        await EmptyAsync(store);

        var given = await store.Space!.GiveBackAsync(Cancellation);

        given.ShouldBeGreaterThan(20_000_000);
        given.ShouldBe(before - (PageCount() * 4096));
        (await store.Space!.InUseAsync(Cancellation)).ShouldBeLessThan(inUse - 20_000_000);
        new FileInfo(_file.File).Length.ShouldBeLessThan(4_000_000);
        new FileInfo(_file.File + "-wal").Length.ShouldBeLessThan(134_217_728 + 4096);
        (await store.Space!.GiveBackAsync(Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_of_an_earlier_build_gives_back_once_it_was_compacted()
    {
        using (var earlier = new SqliteConnection($"Data Source={_file.File};Pooling=False"))
        {
            earlier.Open();
            using var command = earlier.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; CREATE TABLE made_by_an_earlier_build (id INTEGER)";
            command.ExecuteNonQuery();
        }

        await using var store = await _file.OpenAsync(Cancellation);
        await FillAsync(store);
        await EmptyAsync(store);
        (await store.Space!.GiveBackAsync(Cancellation)).ShouldBe(0);
        PageCount().ShouldBeGreaterThan(5_000);

        (await store.Space!.CompactAsync(Cancellation)).ShouldBeGreaterThan(20_000_000);

        new FileInfo(_file.File).Length.ShouldBeLessThan(4_000_000);
        await FillAsync(store);
        await EmptyAsync(store);
        (await store.Space!.GiveBackAsync(Cancellation)).ShouldBeGreaterThan(20_000_000);
    }

    private static async Task FillAsync(StoreUnderTest store)
    {
        var payload = $"\"{new string('x', 1_000_000)}\"";
        foreach (var part in Enumerable.Range(0, 24).Chunk(4))
            await store.Logs.WriteAsync([.. part.Select(n => Some.Log($"log-{n}", fields: (LogFields.Output, payload)))], Cancellation);
    }

    private static async Task EmptyAsync(StoreUnderTest store)
    {
        string[] ids = [.. Enumerable.Range(0, 24).Select(n => $"log-{n}")];
        var logs = await store.Logs.ReadAsync(ids, Cancellation);
        await store.Logs.WriteAsync([.. logs.Values.Select(log => LogMerge.Deleted(log, Some.Micros()))], Cancellation);
        await store.Removals.ForgetAsync(ids, Cancellation);
    }

    private long PageCount()
    {
        using var connection = new SqliteConnection($"Data Source={_file.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA page_count";
        return (long)command.ExecuteScalar()!;
    }
}
