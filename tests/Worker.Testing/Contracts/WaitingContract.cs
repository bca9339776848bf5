using Microsoft.Extensions.Time.Testing;
using Worker.Files;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>
/// Logs that ask for what is not there yet, through the product's own way in and a store: whenever it comes, and
/// whoever brings it, they find it.
/// </summary>
public abstract class WaitingContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private readonly FakeTimeProvider _time = new(Some.Time);

    [Fact]
    public async Task Any_number_of_logs_that_waited_for_a_file_wait_for_its_environment_and_are_resolved_by_the_deployment()
    {
        const int Count = 600;
        var store = await OpenAsync();
        var ingestion = new TestIngestion(store, _time);
        var (file, slot) = (new FileKey("tl_x"), new DeploymentKey("tl_x", "staging"));
        await ingestion.SendAsync([.. Enumerable.Range(0, Count).Select(number => Tool($$"""{"log_id":"t{{number}}","id":"tl_x","version_environment":"staging"}"""))]);
        (await WaitingAsync(store, file)).Count.ShouldBe(Count);

        await ingestion.SendAsync(Tool("""{"log_id":"bringer","id":"tl_x","path":"a/tool"}"""));
        (await WaitingAsync(store, file)).ShouldBeEmpty();
        (await WaitingAsync(store, slot)).Count.ShouldBe(Count);

        await store.Files.DeployAsync(new("tl_x", "staging", "tlv_s"), Cancellation);
        await ingestion.Writer().AppearedAsync([slot], Cancellation);
        (await WaitingAsync(store, slot)).ShouldBeEmpty();
        var logs = await store.Logs.ReadAsync(
            [.. Enumerable.Range(0, Count).Select(number => $"t{number}")], Cancellation);
        logs.Values.Select(log => log.Resolution).Distinct().ShouldBe(
            [new Resolution("tl_x", "tlv_s", VersionSource.Environment, null)]);
    }

    [Fact]
    public async Task A_deployment_that_comes_as_a_message_resolves_what_waits_and_wakes_its_trace_and_may_come_again()
    {
        var store = await OpenAsync();
        var ingestion = new TestIngestion(store, _time);
        var file = FileOf("a/tool");
        await ingestion.SendAsync(
            ("flow.logged", """{"log_id":"f","trace_status":"complete","output":"o"}"""),
            Tool("""{"log_id":"t","path":"a/tool","version_environment":"staging","trace_parent_id":"f"}"""));
        var before = await VersionOfRunAsync(store, "f");
        var deployed = ("file.deployed", $$"""{"id":"{{file}}","environment":"staging","version_id":"tlv_s","sent_at":"2026-01-02T03:04:05Z"}""");

        (await ingestion.SendAsync(deployed)).ShouldBe(new ChunkResult { Stored = 1 });

        var resolved = new Resolution(file, "tlv_s", VersionSource.Environment, null);
        (await ResolutionAsync(store, "t")).ShouldBe(resolved);
        (await VersionOfRunAsync(store, "f")).ShouldBeGreaterThan(before);
        (await ingestion.SendAsync(deployed)).ShouldBe(new ChunkResult { Unchanged = 1 });

        await ingestion.SendAsync(("file.undeployed", $$"""{"id":"{{file}}","environment":"staging","sent_at":"2026-01-02T03:04:06Z"}"""));
        (await ingestion.SendAsync(deployed)).ShouldBe(new ChunkResult { Unchanged = 1 }, "a redelivery is no later than what came after it");
        await ingestion.SendAsync(Tool("""{"log_id":"later","path":"a/tool","version_environment":"staging"}"""));
        (await ResolutionAsync(store, "later"))!.Missing.ShouldBe(new DeploymentKey(file, "staging"));
        (await ResolutionAsync(store, "t")).ShouldBe(resolved, "what was found stays pinned");
        ingestion.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_and_version_that_are_saved_are_those_that_a_log_brings_and_that_logs_wait_for()
    {
        var store = await OpenAsync();
        var ingestion = new TestIngestion(store, _time);
        const string Details = """{"attributes":{"a":1}}""";
        var version = DerivedIds.Version(LogKind.Tool, FileOf("a/tool"), VersionDetails.Normalise(LogKind.Tool, Some.Json(Details)));
        await ingestion.SendAsync(Tool($$"""{"log_id":"asks","version_id":"{{version}}"}"""), Tool("""{"log_id":"waits","id":"tl_x"}"""));

        (await ingestion.SendAsync(
            ("file.saved", $$"""{"kind":"tool","path":"/a/tool","details":{{Details}}}"""),
            ("file.saved", """{"kind":"tool","path":"other","id":"tl_x"}"""))).ShouldBe(new ChunkResult { Stored = 2 });

        (await ingestion.SendAsync(("file.saved", $$"""{"kind":"tool","path":"a/tool","details":{{Details}}}""")))
            .ShouldBe(new ChunkResult { Unchanged = 1 });
        (await ResolutionAsync(store, "asks")).ShouldBe(new Resolution(FileOf("a/tool"), version, VersionSource.VersionId, null));
        (await ResolutionAsync(store, "waits"))!.Source.ShouldBe(VersionSource.Empty);
        await ingestion.SendAsync(Tool($$"""{"log_id":"brings","path":"a/tool","tool":{{Details}}}"""));
        (await ResolutionAsync(store, "brings"))!.VersionId.ShouldBe(version);
    }

    [Theory]
    [InlineData("file.saved", """{"path":"p"}""", "missing_field", "kind")]
    [InlineData("file.saved", """{"kind":"agent","path":"p"}""", "wrong_type", "kind")]
    [InlineData("file.saved", """{"kind":"tool","path":"/"}""", "missing_field", "path")]
    [InlineData("file.saved", """[]""", "not_an_object", null)]
    [InlineData("file.deployed", """{"environment":"e","version_id":"v"}""", "missing_field", "id")]
    [InlineData("file.deployed", """{"id":"f","version_id":"v"}""", "missing_field", "environment")]
    [InlineData("file.deployed", """{"id":"f","environment":"e","version_id":""}""", "missing_field", "version_id")]
    public async Task What_says_too_little_of_a_file_is_refused(string type, string body, string reason, string? field)
    {
        var ingestion = new TestIngestion(await OpenAsync(), _time);

        (await ingestion.SendAsync((type, body))).ShouldBe(new ChunkResult { Refused = 1 });

        var letter = ingestion.DeadLetters.ShouldHaveSingleItem();
        (letter.Reason, letter.Field, letter.Kind).ShouldBe((reason, field, type));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(199)]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(400)]
    public async Task Traces_whose_members_are_resolved_late_are_woken_and_a_page_may_end_anywhere(int count)
    {
        var store = await OpenAsync();
        var ingestion = new TestIngestion(store, _time);
        await ingestion.SendAsync([.. Enumerable.Range(0, 3).Select(flow => ("flow.logged", $$"""{"log_id":"f{{flow}}","trace_status":"complete","output":"o"}"""))]);
        await ingestion.SendAsync([.. Enumerable.Range(0, count).Select(number => Tool($$"""{"log_id":"t{{number}}","id":"tl_x","trace_parent_id":"f{{number % 2}}"}"""))]);
        var before = (await VersionOfRunAsync(store, "f0"), await VersionOfRunAsync(store, "f2"));

        await ingestion.SendAsync(Tool("""{"log_id":"bringer","id":"tl_x","path":"a/tool"}"""));

        (await VersionOfRunAsync(store, "f0")).ShouldBeGreaterThan(before.Item1);
        (await VersionOfRunAsync(store, "f2")).ShouldBe(before.Item2, "nothing under it has changed");
        (await WaitingAsync(store, new FileKey("tl_x"))).ShouldBeEmpty();
        var logs = await store.Logs.ReadAsync(
            [.. Enumerable.Range(0, count).Select(number => $"t{number}")], Cancellation);
        logs.Values.ShouldAllBe(log => log.Resolution!.Source == VersionSource.Empty && log.Resolution.Missing == null);
    }

    [Fact]
    public async Task A_log_that_waits_for_a_deployment_finds_it_with_its_own_next_message_even_a_repeated_one()
    {
        var store = await OpenAsync();
        var ingestion = new TestIngestion(store, _time);
        var message = Tool("""{"log_id":"t","path":"a/tool","version_environment":"staging"}""");
        await ingestion.SendAsync(message);
        await store.Files.DeployAsync(new(FileOf("a/tool"), "staging", "tlv_s"), Cancellation);

        await ingestion.SendAsync(message);

        (await ResolutionAsync(store, "t")).ShouldBe(
            new Resolution(FileOf("a/tool"), "tlv_s", VersionSource.Environment, null));
    }

    [Fact]
    public async Task Details_that_waited_for_their_file_bring_the_version_that_others_wait_for()
    {
        var store = await OpenAsync();
        var ingestion = new TestIngestion(store, _time);
        var versions = Enumerable.Range(0, 250)
            .Select(number => DerivedIds.Version(LogKind.Tool, "tl_x", VersionDetails.Normalise(LogKind.Tool, Some.Json(Details(number))))).ToList();
        await ingestion.SendAsync([.. versions.Select((version, number) => Tool($$"""{"log_id":"asks-{{number}}","version_id":"{{version}}"}"""))]);
        await ingestion.SendAsync([.. versions.Select((_, number) => Tool($$"""{"log_id":"has-{{number}}","id":"tl_x","tool":{{Details(number)}}}"""))]);

        await ingestion.SendAsync(Tool("""{"log_id":"bringer","id":"tl_x","path":"a/tool"}"""));

        foreach (var (number, version) in versions.Index())
        {
            (await ResolutionAsync(store, $"has-{number}")).ShouldBe(
                new Resolution("tl_x", version, VersionSource.Inline, null));
            (await ResolutionAsync(store, $"asks-{number}")).ShouldBe(
                new Resolution("tl_x", version, VersionSource.VersionId, null));
        }

        var stored = await store.Files.ReadAsync(
            [.. versions.Select(version => new VersionKey(version))], Cancellation);
        stored.Versions.Keys.Order(StringComparer.Ordinal).ShouldBe(versions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Workers_that_bring_wait_and_deploy_at_once_leave_nothing_waiting()
    {
        const int Rounds = 12;
        StoreUnderTest[] stores = [await OpenAsync(), await OpenAsync(), await OpenAsync()];
        var workers = stores.Select(store => new TestIngestion(store, _time)).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            var (file, slot) = ($"tl_{round}", new DeploymentKey($"tl_{round}", "staging"));
            var logs = Enumerable.Range(0, 60).Select(number => (Id: $"{round}-{number}", Body: number % 3 == 0 ? "" : ",\"version_environment\":\"staging\"")).ToList();
            await Task.WhenAll(
                Task.Run(() => SendAsync(workers[0], logs.Select(log => Tool($$"""{"log_id":"{{log.Id}}","id":"{{file}}"{{log.Body}}}""")).Chunk(7)), Cancellation),
                Task.Run(() => SendAsync(workers[1], [[Tool($$"""{"log_id":"{{round}}-b1","id":"{{file}}","path":"a"}""")]]), Cancellation),
                Task.Run(
                    async () =>
                    {
                        await SendAsync(workers[2], [[Tool($$"""{"log_id":"{{round}}-b2","id":"{{file}}","path":"a"}""")]]);
                        await stores[2].Files.DeployAsync(new(file, "staging", "tlv_s"), Cancellation);
                        await workers[2].Writer().AppearedAsync([slot], Cancellation);
                    },
                    Cancellation));

            (await WaitingAsync(stores[0], new FileKey(file), slot)).ShouldBeEmpty();
            var stored = await stores[0].Logs.ReadAsync([.. logs.Select(log => log.Id)], Cancellation);
            stored.Count.ShouldBe(logs.Count);
            stored.Values.ShouldAllBe(log => log.Resolution!.VersionId != null && log.Resolution.Missing == null);
        }
    }

    private static async Task SendAsync(TestIngestion worker, IEnumerable<(string, string)[]> chunks)
    {
        var processor = worker.Processor();
        foreach (var chunk in chunks)
            await processor.ProcessAsync(
                [.. chunk.Select((message, tag) => Some.Delivery(message.Item2, message.Item1, tag: tag + 1))],
                Cancellation);
    }

    private static (string, string) Tool(string body) => ("tool.logged", body);

    private static string Details(int number) => $$"""{"source_code":"{{number}}"}""";

    private static string FileOf(string path) => DerivedIds.File(LogKind.Tool, path);

    private static async Task<Resolution?> ResolutionAsync(StoreUnderTest store, string id) =>
        (await store.Logs.ReadAsync([id], Cancellation))[id].Resolution;

    private static async Task<int> VersionOfRunAsync(StoreUnderTest store, string id) =>
        (await store.Runs.ReadAsync(id, Cancellation))!.Version;

    private static Task<IReadOnlyList<string>> WaitingAsync(StoreUnderTest store, params CatalogKey[] keys) =>
        store.Files.WaitingForAsync(keys, "", 10_000, Cancellation);
}
