using Shouldly;
using Worker.Storage;
using Worker.Traces;
using Xunit;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IFileStore"/> promises.</summary>
public abstract class FileStoreContract : StoreContract
{
    private static readonly TraceFile File = new("tl_1", LogKind.Tool, "support/search");
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
            VersionRequest.FileKey("tl_1"),
            VersionRequest.VersionKey("tlv_1"),
            VersionRequest.DeploymentKey("tl_1", "staging"));

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
            VersionRequest.FileKey("tlv_1"),
            VersionRequest.VersionKey("tl_1"),
            VersionRequest.DeploymentKey("tl_1", "production"),
            VersionRequest.FileKey("nothing"));

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

        var found = await ReadAsync(store, VersionRequest.FileKey("tl_1"), VersionRequest.VersionKey("tlv_1"));
        found.Files["tl_1"].ShouldBe(File);
        found.Versions["tlv_1"].ShouldBe(Version);
    }

    [Fact]
    public async Task A_file_known_by_id_alone_gains_its_path_and_keeps_it()
    {
        var store = await OpenAsync();
        await store.Files.AddAsync([File with { Path = null }], [], Cancellation);
        (await ReadAsync(store, VersionRequest.FileKey("tl_1"))).Files["tl_1"].Path.ShouldBeNull();

        await store.Files.AddAsync([File], [], Cancellation);
        await store.Files.AddAsync([File with { Path = null }], [], Cancellation);

        (await ReadAsync(store, VersionRequest.FileKey("tl_1"))).Files["tl_1"].ShouldBe(File);
    }

    [Fact]
    public async Task The_last_deployment_to_an_environment_stands()
    {
        var store = await OpenAsync();
        await store.Files.DeployAsync(new Deployment("tl_1", "staging", "tlv_1"), Cancellation);
        await store.Files.DeployAsync(new Deployment("tl_1", "staging", "tlv_2"), Cancellation);
        await store.Files.DeployAsync(new Deployment("tl_1", "production", "tlv_1"), Cancellation);

        var found = await ReadAsync(store, VersionRequest.DeploymentKey("tl_1", "staging"), VersionRequest.DeploymentKey("tl_1", "production"));

        found.Deployments.ShouldBe([new Deployment("tl_1", "staging", "tlv_2"), new Deployment("tl_1", "production", "tlv_1")], ignoreOrder: true);
    }

    [Fact]
    public async Task Two_workers_may_add_the_same_at_once()
    {
        var one = await OpenAsync();
        var two = await OpenAsync();

        await Task.WhenAll(
            Task.Run(() => one.Files.AddAsync([File], [Version], Cancellation), Cancellation),
            Task.Run(() => two.Files.AddAsync([File], [Version], Cancellation), Cancellation));

        (await ReadAsync(one, VersionRequest.FileKey("tl_1"))).Files.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Logs_that_wait_for_something_are_found_until_they_are_resolved()
    {
        var store = await OpenAsync();
        var log = Some.Log("a") with { Resolution = Some.Unresolved("version:x") };
        await store.Logs.WriteAsync([log, log with { Id = "b" }, log with { Id = "c", Resolution = Some.Unresolved("file:y") }, Some.Log("d")], Cancellation);

        (await store.Files.WaitingForAsync(["version:x", "nothing"], 10, Cancellation)).ShouldBe(["a", "b"], ignoreOrder: true);
        (await store.Files.WaitingForAsync(["version:x", "file:y"], 10, Cancellation)).ShouldBe(["a", "b", "c"], ignoreOrder: true);
        (await store.Files.WaitingForAsync(["version:x", "file:y"], 2, Cancellation)).Count.ShouldBe(2);

        await store.Logs.WriteAsync([log with { Resolution = Resolution.None, Version = 1 }], Cancellation);
        (await store.Files.WaitingForAsync(["version:x"], 10, Cancellation)).ShouldBe(["b"]);
    }

    private static Task<FileCatalog> ReadAsync(StoreUnderTest store, params string[] keys) => store.Files.ReadAsync(keys, Cancellation);
}
