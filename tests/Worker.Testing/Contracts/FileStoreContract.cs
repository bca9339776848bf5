using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IFileStore"/> promises.</summary>
public abstract class FileStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly LoggedFile File = new("tl_1", LogKind.Tool, "support/search");
    private static readonly FileVersion Version = new("tlv_1", "tl_1", Some.Json("""{"function":{"name":"search","$x":1.0}}"""));

    [Fact]
    public async Task What_was_added_is_found_by_its_key_and_outlives_the_worker()
    {
        var store = await OpenAsync();
        await store.Files.AddAsync([File], [Version], Cancellation);
        var deployment = new Deployment("tl_1", "staging", "tlv_1");
        await store.Files.DeployAsync(deployment, Cancellation);

        store = await ReopenAsync();
        var found = await ReadAsync(
            store,
            new FileKey("tl_1"),
            new VersionKey("tlv_1"),
            new DeploymentKey("tl_1", "staging"));

        found.Files.ShouldBe([KeyValuePair.Create("tl_1", File)]);
        found.Versions.ShouldBe([KeyValuePair.Create("tlv_1", Version)]);
        found.Deployments.ShouldBe([deployment]);
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_found()
    {
        var store = await OpenAsync();
        await store.Files.AddAsync([File], [Version], Cancellation);
        await store.Files.DeployAsync(new Deployment("tl_1", "staging", "tlv_1"), Cancellation);

        var found = await ReadAsync(
            store,
            new FileKey("tlv_1"),
            new VersionKey("tl_1"),
            new DeploymentKey("tl_1", "production"),
            new FileKey("nothing"));

        found.Files.ShouldBeEmpty();
        found.Versions.ShouldBeEmpty();
        found.Deployments.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_file_and_version_of_an_id_stand()
    {
        var store = await OpenAsync();
        await store.Files.AddAsync([File], [Version], Cancellation);

        await store.Files.AddAsync(
            [File with { Kind = LogKind.Flow, Path = "another" }],
            [Version with { Details = Some.Json("{}") }],
            Cancellation);

        var found = await ReadAsync(store, new FileKey("tl_1"), new VersionKey("tlv_1"));
        found.Files["tl_1"].ShouldBe(File);
        found.Versions["tlv_1"].ShouldBe(Version);
    }

    [Fact]
    public async Task A_version_from_the_files_takes_the_place_of_what_a_message_stored_under_its_id()
    {
        var ours = Version with { Details = Some.Json("""{"kind":"webhook","a.b":{"$x":1.0}}"""), IsFromFiles = true };
        var theirs = Version with { FileId = "tl_2", Details = Some.Json("""{"kind":"webhook","from_files":true}""") };
        var store = await OpenAsync();
        await store.Files.AddAsync([File], [theirs], Cancellation);
        (await ReadAsync(store, new VersionKey("tlv_1"))).Versions["tlv_1"].ShouldBe(theirs);

        await store.Files.AddAsync([File], [ours], Cancellation);

        (await ReadAsync(store, new VersionKey("tlv_1"))).Versions["tlv_1"].ShouldBe(ours);
        (await store.Listings.VersionsAsync("tl_1", null, 0, 10, Cancellation)).ShouldHaveSingleItem().Version.ShouldBe(ours);
        (await store.Listings.VersionsAsync("tl_2", null, 0, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_version_from_the_files_stays_what_it_is_whatever_is_said_later()
    {
        var ours = Version with { IsFromFiles = true };
        var store = await OpenAsync();
        await store.Files.AddAsync([File], [ours], Cancellation);

        await store.Files.AddAsync([File], [Version with { FileId = "tl_2", Details = Some.Json("{}") }], Cancellation);
        await store.Files.AddAsync([File], [ours], Cancellation);

        store = await ReopenAsync();
        (await ReadAsync(store, new VersionKey("tlv_1"))).Versions["tlv_1"].ShouldBe(ours);
    }

    [Fact]
    public async Task A_file_known_by_id_alone_gains_its_path_and_keeps_it()
    {
        var store = await OpenAsync();
        await store.Files.AddAsync([File with { Path = null }], [], Cancellation);
        (await ReadAsync(store, new FileKey("tl_1"))).Files["tl_1"].Path.ShouldBeNull();

        await store.Files.AddAsync([File], [], Cancellation);
        await store.Files.AddAsync([File with { Path = null }], [], Cancellation);

        (await ReadAsync(store, new FileKey("tl_1"))).Files["tl_1"].ShouldBe(File);
    }

    [Fact]
    public async Task The_last_deployment_to_an_environment_stands()
    {
        var store = await OpenAsync();
        await store.Files.DeployAsync(new Deployment("tl_1", "staging", "tlv_1"), Cancellation);
        await store.Files.DeployAsync(new Deployment("tl_1", "staging", "tlv_2") { OccurredAt = 1 }, Cancellation);
        await store.Files.DeployAsync(new Deployment("tl_1", "production", "tlv_1"), Cancellation);

        var found = await ReadAsync(
            store, new DeploymentKey("tl_1", "staging"), new DeploymentKey("tl_1", "production"));

        found.Deployments.ShouldBe(
            [new Deployment("tl_1", "staging", "tlv_2") { OccurredAt = 1 }, new Deployment("tl_1", "production", "tlv_1")],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Two_workers_may_add_the_same_at_once()
    {
        var one = await OpenAsync();
        var two = await OpenAsync();

        await Task.WhenAll(
            Task.Run(() => one.Files.AddAsync([File], [Version], Cancellation), Cancellation),
            Task.Run(() => two.Files.AddAsync([File], [Version], Cancellation), Cancellation));

        (await ReadAsync(one, new FileKey("tl_1"))).Files.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deployments_whose_file_and_environment_could_be_joined_alike_are_kept_apart()
    {
        string[] parts = ["a", "b", "a:b", "b:c", "c", ":", "a:", ":c", "%3A", "a%3Ab", "%", "a%", "%25", "", "\0"];
        var slots = (from file in parts from environment in parts select new DeploymentKey(file, environment)).ToList();
        var store = await OpenAsync();
        var deployments = slots.Select((slot, number) => new Deployment(slot.FileId, slot.Environment, $"tlv_{number}")).ToList();
        foreach (var deployment in deployments)
            await store.Files.DeployAsync(deployment, Cancellation);

        (await store.Files.ReadAsync(slots, Cancellation)).Deployments.ShouldBe(deployments, ignoreOrder: true);
    }

    [Fact]
    public async Task Logs_that_wait_for_something_are_found_until_they_are_resolved()
    {
        var store = await OpenAsync();
        var (version, file) = (new VersionKey("x"), new FileKey("x"));
        var log = Some.Log("a") with { Resolution = Some.Unresolved(version) };
        await store.Logs.WriteAsync(
            [log, log with { Id = "b" }, log with { Id = "c", Resolution = Some.Unresolved(file) }, Some.Log("d")],
            Cancellation);

        (await WaitingAsync(store, 10, version, new VersionKey("nothing"))).ShouldBe(["a", "b"]);
        (await WaitingAsync(store, 10, file, version, file)).ShouldBe(["a", "b", "c"]);
        (await store.Logs.ReadAsync(["a"], Cancellation))["a"].Resolution!.Missing.ShouldBe(version);

        await store.Logs.WriteAsync([log with { Resolution = Resolution.None, Version = 1 }], Cancellation);
        (await WaitingAsync(store, 10, version)).ShouldBe(["b"]);
    }

    [Fact]
    public async Task What_is_found_and_owes_a_wake_is_found_as_waiting_still()
    {
        var store = await OpenAsync();
        var slot = new DeploymentKey("a:b", "c");
        var found = new Resolution("a:b", "tlv_1", VersionSource.Environment, slot);
        await store.Logs.WriteAsync([Some.Log("owed") with { Resolution = found }], Cancellation);

        (await WaitingAsync(store, 10, slot)).ShouldBe(["owed"]);
        (await WaitingAsync(store, 10, new DeploymentKey("a", "b:c"))).ShouldBeEmpty();
        var stored = (await store.Logs.ReadAsync(["owed"], Cancellation))["owed"];
        stored.Resolution.ShouldBe(found);

        await store.Logs.WriteAsync([stored with { Resolution = found.Woken() }], Cancellation);
        (await WaitingAsync(store, 10, slot)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_number_of_waiting_logs_is_found_in_pages_each_once()
    {
        var store = await OpenAsync();
        CatalogKey[] keys = [.. Enumerable.Range(0, 3).Select(number => new VersionKey($"{number}")), new FileKey("f"), new DeploymentKey("f", "e")];
        string[] ends = ["", "a", "z", "~", "\u007f", "\u00e9", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\U00010000", "\U0010ffff", "\0"];
        var ids = (from number in Enumerable.Range(0, 40) from end in ends select $"{number}{end}").ToList();
        await store.Logs.WriteAsync([.. ids.Select((id, number) => Some.Log(id) with { Resolution = Some.Unresolved(keys[number % keys.Length]) })], Cancellation);

        (await WaitingAsync(store, 7, keys)).Order(StringComparer.Ordinal).ShouldBe(ids.Order(StringComparer.Ordinal));
        (await WaitingAsync(store, 500, keys[1])).Count.ShouldBe(ids.Count / keys.Length);
        (await WaitingAsync(store, 1, keys[4])).Count.ShouldBe(ids.Count / keys.Length);
    }

    [Fact]
    public async Task Thousands_of_keys_are_asked_for_at_once()
    {
        var store = await OpenAsync();
        var keys = Enumerable.Range(0, 2_500).Select(number => new VersionKey($"{number}")).ToList();
        await store.Logs.WriteAsync(
            [.. keys.Select((key, number) => Some.Log($"log-{number}") with { Resolution = Some.Unresolved(key) })],
            Cancellation);

        (await WaitingAsync(store, 1_100, [.. keys])).Order(StringComparer.Ordinal)
            .ShouldBe(keys.Select((_, number) => $"log-{number}").Order(StringComparer.Ordinal));
    }

    private static Task<FileCatalog> ReadAsync(StoreUnderTest store, params CatalogKey[] keys) =>
        store.Files.ReadAsync(keys, Cancellation);

    /// <summary>All of them, in pages.</summary>
    private static async Task<List<string>> WaitingAsync(StoreUnderTest store, int limit, params CatalogKey[] keys)
    {
        var all = new List<string>();
        IReadOnlyList<string> page;
        do
        {
            page = await store.Files.WaitingForAsync(keys, all.Count == 0 ? "" : all[^1], limit, Cancellation);
            page.Count.ShouldBeLessThanOrEqualTo(limit);
            all.AddRange(page);
        }
        while (page.Count == limit);
        all.ShouldBeUnique();
        return all;
    }
}
