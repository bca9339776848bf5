using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="ILogListing"/> promises.</summary>
public abstract class LogListingContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly LogRange All = new("tl_1");

    [Fact]
    public async Task The_logs_of_a_file_are_listed_newest_first_and_no_other()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync(
            [Of("b", received: 2_000), Of("c", received: 3_000), Of("a", received: 1_000), Of("other", "tl_2", 2_500), Some.Log("none")],
            Cancellation);

        store = await ReopenAsync();
        (await store.Listing.CountAsync(All, Cancellation)).ShouldBe(3);
        (await store.Listing.PageAsync(All, 0, 10, Cancellation)).ShouldBe(["c", "b", "a"]);
        (await store.Listing.PageAsync(All, 1, 1, Cancellation)).ShouldBe(["b"]);
        (await store.Listing.PageAsync(All, 3, 10, Cancellation)).ShouldBeEmpty();
        (await store.Listing.PageAsync(All, 0, 0, Cancellation)).ShouldBeEmpty();
        (await WholeAsync(store, All)).ConvertAll(log => log.Id).ShouldBe(["c", "b", "a"]);
        (await store.Listing.CountAsync(new("nothing"), Cancellation)).ShouldBe(0);
        (await store.Listing.PageAsync(new("nothing"), 0, 10, Cancellation)).ShouldBeEmpty();
        (await WholeAsync(store, new("nothing"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_log_was_created_when_its_producer_says_and_else_when_it_was_first_received()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync(
            [Of("received", received: 2_000), Of("late", received: 1_000, created: 5_000), Of("imported", received: 9_000, created: -5_000)],
            Cancellation);

        (await store.Listing.PageAsync(All, 0, 10, Cancellation)).ShouldBe(["late", "received", "imported"]);
    }

    [Fact]
    public async Task A_range_begins_with_its_start_and_ends_before_its_end()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync([.. Enumerable.Range(0, 10).Select(number => Of($"{number}", received: number * 1_000))], Cancellation);
        var range = All with { From = Some.Micros(3_000), Until = Some.Micros(6_000) };

        (await store.Listing.CountAsync(range, Cancellation)).ShouldBe(3);
        (await store.Listing.PageAsync(range, 0, 10, Cancellation)).ShouldBe(["5", "4", "3"]);
        (await WholeAsync(store, range)).ConvertAll(log => log.Id).ShouldBe(["5", "4", "3"]);
        (await store.Listing.CountAsync(All with { From = Some.Micros(8_000) }, Cancellation)).ShouldBe(2);
        (await store.Listing.CountAsync(All with { Until = Some.Micros(8_000) }, Cancellation)).ShouldBe(8);
    }

    [Fact]
    public async Task What_is_written_again_stands_in_its_new_place_and_what_is_deleted_in_none()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync([Of("a", received: 1_000), Of("b", received: 2_000), Of("c", received: 3_000)], Cancellation);

        await store.Logs.WriteAsync(
            [
                Of("a", received: 1_000, created: 9_000) with { Version = 1 },
                Of("b", "tl_2", received: 2_000) with { Version = 1 },
                Some.Tombstone("c") with { Version = 1 },
            ],
            Cancellation);

        (await store.Listing.PageAsync(All, 0, 10, Cancellation)).ShouldBe(["a"]);
        (await store.Listing.PageAsync(new("tl_2"), 0, 10, Cancellation)).ShouldBe(["b"]);
        (await store.Listing.CountAsync(All, Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Any_number_of_one_instant_is_read_in_pages_each_once_and_in_one_order()
    {
        var store = await OpenAsync();
        var logs = Enumerable.Range(0, MemberPage.MaxLogs + 200).Select(number => Of($"log-{number % 7}-{number}", received: number < 50 ? 1_000 : 0)).ToList();
        await store.Logs.WriteAsync(logs, Cancellation);

        var whole = (await WholeAsync(store, All)).ConvertAll(log => log.Id);

        whole.Count.ShouldBe(logs.Count);
        whole.ShouldBeUnique();
        whole.Take(50).Order().ShouldBe(logs.Take(50).Select(log => log.Id).Order());
        (await store.Listing.PageAsync(All, 0, 500, Cancellation)).ShouldBe(whole.Take(500));
        (await store.Listing.PageAsync(All, 500, 5_000, Cancellation)).ShouldBe(whole.Skip(500));
    }

    [Fact]
    public async Task A_page_of_large_logs_is_a_short_one()
    {
        var store = await OpenAsync();
        var megabyte = $"\"{new string('x', 1_000_000)}\"";
        for (var number = 0; number < 20; number++)
            await store.Logs.WriteAsync([Of($"log-{number:00}", received: number, output: megabyte)], Cancellation);

        var pages = new List<int>();
        await foreach (var page in store.Listing.ReadAsync(All, Cancellation))
            pages.Add(page.Count);

        pages.Sum().ShouldBe(20);
        pages.Max().ShouldBeLessThanOrEqualTo(16);
    }

    [Fact]
    public async Task Every_log_is_read_once_whatever_its_file_and_none_that_was_deleted()
    {
        var store = await OpenAsync();
        var logs = Enumerable.Range(0, MemberPage.MaxLogs + 200).Select(number => Of($"log-{number}", $"tl_{number % 3}")).ToList();
        await store.Logs.WriteAsync([.. logs, Some.Log("none"), Some.Tombstone("gone")], Cancellation);

        var ids = new List<string>();
        await foreach (var page in store.Listing.AllAsync(Cancellation))
            ids.AddRange(page.Select(log => log.Id));

        ids.Order().ShouldBe(logs.Select(log => log.Id).Append("none").Order());
    }

    private static Log Of(
        string id, string file = "tl_1", double received = 0, double? created = null, string output = "\"x\"")
    {
        var fields = new List<(Field, string)> { (LogFields.Output, output) };
        if (created is { } instant)
            fields.Add((LogFields.CreatedAt, Timestamps.ToJson(Some.Micros(instant)).ToString()));
        return Some.Log(id, fields: [.. fields]) with
        {
            FirstReceivedAt = Some.Micros(received), Resolution = new(file, "tlv_1", VersionSource.Inline, null),
        };
    }

    private static async Task<List<Log>> WholeAsync(StoreUnderTest store, LogRange range)
    {
        var all = new List<Log>();
        await foreach (var page in store.Listing.ReadAsync(range, Cancellation))
            all.AddRange(page);
        return all;
    }
}
