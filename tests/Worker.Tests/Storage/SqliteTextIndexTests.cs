using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Worker.Reading;
using Worker.Storage;
using Worker.Storage.Sqlite;
using Worker.Traces;

namespace Worker.Tests.Storage;

/// <summary>The index of texts: it finds all that the search would find, and forgets what is erased.</summary>
public sealed class SqliteTextIndexTests : IDisposable
{
    private const int Most = 1_000;

    private const string FileId = "fl_1";

    private readonly SqliteTestStore _file = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_the_search_finds_the_index_finds(int seed)
    {
        var random = new Random(seed);
        await using var store = await _file.OpenAsync(Cancellation);
        Log[] logs = [.. Enumerable.Range(0, 60).Select(number => Flow($"log-{number}", Text(random, random.Next(1, 60))))];
        await store.Logs.WriteAsync(logs, Cancellation);
        await CatchUpAsync(store);

        var (asked, spared) = (0, 0);
        for (var turn = 0; turn < 200; turn++)
        {
            var said = logs[random.Next(logs.Length)].Text(LogFields.Output)!;
            var start = random.Next(said.Length);
            var text = said.Substring(start, random.Next(1, Math.Min(12, said.Length - start) + 1));
            text = random.Next(2) == 0 ? text.ToUpperInvariant() : text.ToLowerInvariant();
            var search = new PayloadSearch(text);

            if (await FindAsync(store, text) is not { } found)
                continue;
            asked++;
            spared += logs.Length - found.Count;
            found.ShouldBeSubsetOf(logs.Select(log => log.Id));
            logs.Where(search.IsIn).Select(log => log.Id).ShouldBeSubsetOf(found, $"of {JsonSerializer.Serialize(text)}, seed {seed}");
        }

        asked.ShouldBeGreaterThan(50);
        spared.ShouldBeGreaterThan(asked, "it is of use");
    }

    [Fact]
    public async Task All_texts_have_to_be_in_it_and_one_without_three_characters_says_nothing()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Flow("both", "a refund for order 4711"), Flow("one", "a refund"), Flow("none", "hello")], Cancellation);
        await CatchUpAsync(store);

        (await FindAsync(store, "refund", "4711")).ShouldBe(["both"]);
        (await FindAsync(store, "refund", "47")).ShouldNotBeNull().ShouldBe(["both", "one"], ignoreOrder: true);
        (await FindAsync(store, "47")).ShouldBeNull();
        (await FindAsync(store, "order\0")).ShouldBeNull();
        (await FindAsync(store, "\"quo\" OR hello")).ShouldNotBeNull().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_indexed_yet_counts_as_found_and_too_many_are_none()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Flow("old", "hello")], Cancellation);
        await CatchUpAsync(store);
        await store.Logs.WriteAsync([Flow("new", "anything"), Some.Log("tool")], Cancellation);

        (await FindAsync(store, "hello")).ShouldNotBeNull().ShouldBe(["old", "new"], ignoreOrder: true);
        (await Index(store).FindAsync(["hello"], 1, Cancellation)).ShouldBeNull();
        await CatchUpAsync(store);
        (await FindAsync(store, "hello")).ShouldBe(["old"]);
    }

    [Fact]
    public async Task What_a_log_says_now_is_found_and_not_what_it_said_before()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Flow("a", "the first answer")], Cancellation);
        await CatchUpAsync(store);
        await store.Logs.WriteAsync([Flow("a", "another") with { Version = 1 }], Cancellation);
        await CatchUpAsync(store);

        (await FindAsync(store, "first answer")).ShouldNotBeNull().ShouldBeEmpty();
        (await FindAsync(store, "anoth")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task What_is_longer_than_is_indexed_is_found_by_everything()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Flow("long", new string('x', 1_100_000) + "the end"), Flow("short", "hello")], Cancellation);
        await CatchUpAsync(store);

        (await FindAsync(store, "the end")).ShouldBe(["long"]);
        (await FindAsync(store, "hello")).ShouldNotBeNull().ShouldBe(["long", "short"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public async Task Of_what_is_erased_nothing_stays_in_the_file(int others)
    {
        const string Secret = "\uE100\uE101\uE102";
        var secret = Encoding.UTF8.GetBytes(Secret);
        await using (var store = await _file.OpenAsync(Cancellation))
        {
            for (var number = 0; number < others; number++)
                await store.Logs.WriteAsync([Flow($"other-{number}", Text(new(number), 200))], Cancellation);
            await store.Logs.WriteAsync([Flow("erased", Secret)], Cancellation);
            await CatchUpAsync(store);
            IsIndexed(secret).ShouldBeTrue();

            await store.Logs.WriteAsync([Some.Tombstone("erased") with { Version = 1, Kind = LogKind.Flow }], Cancellation);
            await CatchUpAsync(store);
            IsIndexed(secret).ShouldBeFalse();
            (await FindAsync(store, Secret)).ShouldNotBeNull().ShouldBeEmpty();
            (await Index(store).CatchUpAsync(Cancellation)).ShouldBe(IndexStep.None, "it is not merged again and again");
        }

        (await File.ReadAllBytesAsync(_file.File, Cancellation)).AsSpan().IndexOf(secret).ShouldBe(-1);
    }

    [Fact]
    public async Task What_stands_in_the_place_of_a_removed_log_is_found_by_its_own_text()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Logs.WriteAsync([Flow("a", "the first")], Cancellation);
        await CatchUpAsync(store);
        await store.Logs.WriteAsync([Some.Tombstone("a") with { Version = 1, Kind = LogKind.Flow }], Cancellation);
        (await store.Removals.ForgetAsync(["a"], Cancellation)).ShouldBe(1);
        await store.Logs.WriteAsync([Flow("b", "the second")], Cancellation);

        (await FindAsync(store, "first")).ShouldBe(["b"], "it stands where a stood, and is not indexed yet");
        await CatchUpAsync(store);
        (await FindAsync(store, "first")).ShouldNotBeNull().ShouldBeEmpty();
        (await FindAsync(store, "second")).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Far_behind_the_newest_a_word_is_found()
    {
        await using var store = await _file.OpenAsync(Cancellation);
        await store.Files.AddAsync([new(FileId, LogKind.Flow, "support/answer")], [], Cancellation);
        for (var hour = 0; hour < 22; hour++)
        {
            var said = Enumerable.Range(0, 1_000).Select(
                number => Flow($"log-{hour}-{number}", $"Hour {hour}, number {number}.", Some.Micros(hour)));
            await store.Logs.WriteAsync([.. said], Cancellation);
        }

        await CatchUpAsync(store);
        var rows = new TraceRows(store.Verdicts, store.Posted, store.Runs);
        var verdicts = new VerdictSearch(store.Listings, store.Given, store.Listing, store.Logs);
        var lister = new TraceLister(store.Listings, store.Listing, store.Logs, rows, verdicts, Index(store));

        var page = await ListAsync("\"hour 0, number 99.\"", size: 10);
        var first = await ListAsync("\"hour 0, number 1\"", size: 2);
        var second = await ListAsync("\"hour 0, number 1\"", size: 2, first.Next);
        var none = await ListAsync("\"hour 0, number 1\" error:true", size: 2);

        (page.IsCut, page.Next).ShouldBe((false, null));
        page.LookedAt.ShouldBeLessThan(10);
        page.Rows.ShouldHaveSingleItem().Path.ShouldBe("support/answer");
        first.Rows.Concat(second.Rows).Select(row => row.Log.Id).ShouldBe(["log-0-1", "log-0-10", "log-0-100", "log-0-101"]);
        none.Rows.ShouldBeEmpty();
        none.LookedAt.ShouldBeInRange(111, 200);

        Task<TracePage> ListAsync(string query, int size, TraceCursor? after = null) => lister.ListAsync(
            TraceQuery.Parse(query, Some.Time, out var problem).ShouldNotBeNull(problem), after, size, _ => true, Cancellation);
    }

    private static Log Flow(string id, string output, long? at = null) =>
        Some.FlowLog(id, fields: (LogFields.Output, JsonSerializer.Serialize(output))) with
        {
            FirstReceivedAt = at ?? Some.Micros(),
            Resolution = new Resolution(FileId, null, VersionSource.None, null),
        };

    /// <summary>Of few characters, so that much is found twice: letters of several scripts, marks, escapes.</summary>
    private static string Text(Random random, int length)
    {
        string[] parts = ["a", "B", "c", "ä", "Ä", "ß", "ſ", "K", "K", "İ", "ı", "σ", "ς", "Σ", "日", "\"", "\\", "\n", "\0", " ", "😀", "𐐨", "𐐀", "{", ":", "é"];
        return string.Concat(Enumerable.Range(0, length).Select(_ => parts[random.Next(parts.Length)]));
    }

    private static SqliteTextIndex Index(StoreUnderTest store) => new((SqliteDatabase)store.Owner!);

    private static async Task CatchUpAsync(StoreUnderTest store)
    {
        var steps = 0;
        while (await Index(store).CatchUpAsync(Cancellation) is not IndexStep.None)
            (++steps).ShouldBeLessThan(10_000);
    }

    private static async Task<List<string>?> FindAsync(StoreUnderTest store, params string[] texts) =>
        (await Index(store).FindAsync(texts, Most, Cancellation))?.Select(log => log.Id).ToList();

    private bool IsIndexed(byte[] text)
    {
        using var connection = new SqliteConnection($"Data Source={_file.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT block FROM log_text_data";
        using var rows = command.ExecuteReader();
        var isIndexed = false;
        while (rows.Read())
            isIndexed |= ((byte[])rows[0]).AsSpan().IndexOf(text) >= 0;
        return isIndexed;
    }
}
