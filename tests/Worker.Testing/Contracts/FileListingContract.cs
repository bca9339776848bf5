using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IFileListing"/> promises.</summary>
public abstract class FileListingContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly FileQuery Tools = new([LogKind.Tool]) { ByPath = true };

    [Fact]
    public async Task Files_are_listed_by_kind_path_and_page()
    {
        var store = await FilledAsync();

        (await ListAsync(store, Tools)).ShouldBe(["Top", "a/b", "a/c", "ab"]);
        (await ListAsync(store, Tools with { Descending = true })).ShouldBe(["ab", "a/c", "a/b", "Top"]);
        (await ListAsync(store, new([LogKind.Flow, LogKind.Prompt]) { ByPath = true })).ShouldBe(["a/b", "p"]);
        (await ListAsync(store, new([LogKind.Evaluator]))).ShouldBeEmpty();
        (await ListAsync(store, Tools with { Folder = "a" })).ShouldBe(["a/b", "a/c"]);
        (await ListAsync(store, Tools with { Name = "tOP" })).ShouldBe(["Top"]);
        (await ListAsync(store, Tools with { Name = "." })).ShouldBeEmpty();
        (await ListAsync(store, Tools with { Path = "a/b" })).ShouldBe(["a/b"]);

        var (page, total) = await store.Listings.ListAsync(Tools, 1, 2, Cancellation);
        page.Select(file => file.File.Path).ShouldBe(["a/b", "a/c"]);
        total.ShouldBe(4);
        (await store.Listings.ListAsync(Tools, 4, 2, Cancellation)).Files.ShouldBeEmpty();
        (await store.Listings.ListAsync(Tools, 0, 0, Cancellation)).Total.ShouldBe(4);
    }

    [Fact]
    public async Task Files_are_listed_by_when_they_came_and_found_by_id()
    {
        var store = await OpenAsync();
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);
        foreach (var id in new[] { "c", "a", "b" })
        {
            await store.Files.AddAsync([new(id, LogKind.Tool, null)], [], Cancellation);
            await TickAsync();
        }

        await store.Files.AddAsync([new("c", LogKind.Tool, "path")], [], Cancellation);

        store = await ReopenAsync();
        var (files, total) = await store.Listings.ListAsync(new([LogKind.Tool]), 0, 10, Cancellation);
        files.Select(file => file.File.Id).ShouldBe(["c", "a", "b"]);
        total.ShouldBe(3);
        var found = (await store.Listings.FindAsync("c", Cancellation)).ShouldNotBeNull();
        found.File.ShouldBe(new("c", LogKind.Tool, "path"));
        found.Since.ShouldBeGreaterThan(before);
        found.Since.ShouldBeLessThanOrEqualTo(TimeProvider.System.GetUtcNow());
        (await store.Listings.FindAsync("nothing", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_versions_of_a_file_come_newest_first_and_each_by_its_id()
    {
        var store = await OpenAsync();
        foreach (var id in new[] { "v1", "v3", "v2" })
        {
            await store.Files.AddAsync([], [new(id, "tl_1", Some.Json($$"""{"id":"{{id}}"}""")), new("other" + id, "tl_2", Some.Json("{}"))], Cancellation);
            await TickAsync();
        }

        (await VersionsAsync(store, "tl_1", null, 10)).ShouldBe(["v2", "v3", "v1"]);
        (await VersionsAsync(store, "tl_1", null, 2)).ShouldBe(["v2", "v3"]);
        (await VersionsAsync(store, "tl_1", null, 2, skip: 1)).ShouldBe(["v3", "v1"]);
        (await VersionsAsync(store, "tl_1", "v1", 1)).ShouldBe(["v1"]);
        (await VersionsAsync(store, "tl_2", "v1", 1)).ShouldBeEmpty();
        (await VersionsAsync(store, "nothing", null, 1)).ShouldBeEmpty();
        (await store.Listings.VersionsAsync("tl_1", "v3", 0, 1, Cancellation))[0].Version.Details.ShouldBe(Some.Json("""{"id":"v3"}"""));
    }

    [Fact]
    public async Task What_is_deployed_is_listed_by_environment_and_what_was_taken_away_is_not()
    {
        var store = await FilledAsync();
        var staging = new Deployment("tl_b", "staging", "v1") { OccurredAt = 1, MessageId = "m" };
        var production = new Deployment("tl_b", "production", "v2") { OccurredAt = 2, MessageId = "m" };
        foreach (var deployment in new[] { staging, production, new("tl_b", "test", "v1"), new("tl_c", "staging", "v9") })
            await store.Files.DeployAsync(deployment, Cancellation);
        await store.Files.DeployAsync(new("tl_b", "test", null) { OccurredAt = 1 }, Cancellation);

        store = await ReopenAsync();
        (await store.Listings.DeploymentsAsync("tl_b", Cancellation)).ShouldBe([production, staging]);
        (await store.Listings.DeploymentsAsync("nothing", Cancellation)).ShouldBeEmpty();
        (await ListAsync(store, Tools with { Environment = "staging" })).ShouldBe(["a/b", "a/c"]);
        (await ListAsync(store, Tools with { Environment = "test" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_deployments_the_later_stands_in_whatever_order_and_however_often_they_come()
    {
        var store = await OpenAsync();
        Deployment[] said =
        [
            new("f", "e", "v0") { OccurredAt = -5, MessageId = "z" },
            new("f", "e", "v1") { OccurredAt = 10, MessageId = "a" },
            new("f", "e", null) { OccurredAt = 10, MessageId = "b" },
            new("f", "e", "v3") { OccurredAt = 1_700_000_000_000_000, MessageId = "a" },
        ];
        foreach (var order in new[] { new[] { 0, 1, 2, 3 }, [3, 2, 1, 0], [2, 0, 3, 1, 3, 0] })
        {
            var file = $"f{string.Join('-', order)}";
            var stands = -1;
            foreach (var number in order)
            {
                (await store.Files.DeployAsync(said[number] with { FileId = file }, Cancellation)).ShouldBe(number > stands);
                stands = Math.Max(stands, number);
                (await store.Listings.DeploymentsAsync(file, Cancellation)).Select(deployment => deployment.VersionId)
                    .ShouldBe(said[stands].VersionId is { } version ? [version] : []);
            }

            (await store.Files.ReadAsync([new DeploymentKey(file, "e")], Cancellation)).Deployments
                .ShouldBe([said[3] with { FileId = file }]);
        }
    }

    private async Task<StoreUnderTest> FilledAsync()
    {
        var store = await OpenAsync();
        await store.Files.AddAsync(
            [
                new("tl_b", LogKind.Tool, "a/b"), new("tl_c", LogKind.Tool, "a/c"), new("tl_ab", LogKind.Tool, "ab"), new("tl_t", LogKind.Tool, "Top"),
                new("fl_b", LogKind.Flow, "a/b"), new("pr_p", LogKind.Prompt, "p"),
            ],
            [],
            Cancellation);
        return store;
    }

    /// <summary>Until the clock shows another millisecond.</summary>
    private static async Task TickAsync()
    {
        for (var now = Milliseconds(); Milliseconds() == now;)
            await Task.Yield();

        static long Milliseconds() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    }

    private static async Task<List<string?>> ListAsync(StoreUnderTest store, FileQuery query)
    {
        var (files, total) = await store.Listings.ListAsync(query, 0, 100, Cancellation);
        total.ShouldBe(files.Count);
        return [.. files.Select(file => file.File.Path)];
    }

    private static async Task<List<string>> VersionsAsync(StoreUnderTest store, string file, string? version, int take, int skip = 0) =>
        [.. (await store.Listings.VersionsAsync(file, version, skip, take, Cancellation)).Select(found => found.Version.Id)];
}
