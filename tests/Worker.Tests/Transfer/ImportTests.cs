using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Worker.Runs;
using Worker.Testing.Contracts;
using Worker.Testing.Transfer;
using Worker.Tests.Evaluation;
using Worker.Transfer;
using Worker.Traces;

namespace Worker.Tests.Transfer;

/// <summary>What an import takes, what it passes over, and where it goes on.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TransferWorld _world = World();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_credential_of_a_version_leaves_the_export()
    {
        await _world.ImportAsync(TransferContract<InMemoryTestStore>.HandMade);

        var sent = string.Concat(_world.Destination.Messages.Select(message => Encoding.UTF8.GetString(message.Body.Span)));
        sent.ShouldNotContain("do-not-keep");
        sent.ShouldContain("x-trace");
        sent.ShouldContain("\"properties\":{\"api_key\":{\"type\":\"string\"}");
    }

    [Theory]
    [InlineData("""{"name":"Authorization","value":"Bearer x"}""", """{"name":"Authorization"}""")]
    [InlineData("""{"OpenAI-API-Key":"x","max_tokens":3}""", """{"max_tokens":3}""")]
    [InlineData("""[{"a":[{"clientSecret":{"k":"x"}}]}]""", """[{"a":[{}]}]""")]
    [InlineData("""{"properties":{"password":{"type":"string","api_key":"x"}}}""", """{"properties":{"password":{"type":"string"}}}""")]
    [InlineData("""{"n":1.0e400,"key":"kept","author":"kept"}""", """{"n":1.0e400,"key":"kept","author":"kept"}""")]
    public void A_credential_is_known_by_its_name_at_any_depth(string details, string kept)
    {
        using var json = Worker.Transfer.Json.Parse(Encoding.UTF8.GetBytes(details));
        using var output = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(output))
            new Credentials().Write(writer, json.RootElement);

        Encoding.UTF8.GetString(output.ToArray()).ShouldBe(kept);
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_by_file_and_line_and_stops_nothing()
    {
        WriteTool(
            """{"id":"t1","tool":{"id":"tl_1","version_id":"tlv_1"},"output":"first"}""",
            "{\"id\":\"t2\", nonsense",
            "",
            """{"tool":{"id":"tl_1"},"output":"nobody"}""",
            """{"id":"t3","flow":{"id":"fl_1"},"output":"x","trace_children":[{"id":"?","output":"whatever it is"}],"evaluator_logs":[{"id":"v1","judgment":{"no":"verdict"}}]}""",
            """{"id":"t4","tool":{"id":"tl_1"},"output":NaN}""");
        _folder.Write("files/broken/file.json", "[]");

        var counts = await _world.ImportAsync(_folder.Path);

        (await StoredAsync()).ShouldBe(["t1", "t3", "t4"]);
        counts.Skipped.ShouldBe(5);
        _world.Faults[0].ShouldBe("files/broken/file.json: it has no id.");
        _world.Faults[1].ShouldStartWith("files/tl_1/logs/1.jsonl line 2: it is no JSON from byte");
        _world.Faults[2].ShouldBe("files/tl_1/logs/1.jsonl line 4: a Log in it is no object with an id.");
        _world.Faults[3].ShouldStartWith("files/tl_1/logs/1.jsonl line 5, Log ?: it shows neither");
        _world.Faults[4].ShouldStartWith("files/tl_1/logs/1.jsonl line 5, Log v1: judgment");
    }

    [Fact]
    public async Task An_import_that_was_ended_goes_on_where_it_was()
    {
        WriteTool([.. Enumerable.Range(0, 2_000).Select(number => $$$"""{"id":"t{{{number}}}","tool":{"id":"tl_1","version_id":"tlv_1"},"output":"x"}""")]);
        _world.Destination.FailsAfter = 1_200;
        await Should.ThrowAsync<IOException>(() => _world.ImportAsync(_folder.Path));
        var before = _world.Destination.Messages.Count;
        before.ShouldBeInRange(500, 1_200);

        _world.Destination.FailsAfter = int.MaxValue;
        var counts = await _world.ImportAsync(_folder.Path);

        counts.WentOnAfter.ShouldNotBeNull().ShouldStartWith("files/tl_1/logs/1.jsonl line ");
        counts.Logs.ShouldBeLessThan(2_000);
        _world.Destination.Messages.Where(message => message.Type == "tool.logged").Select(IdOf).Distinct().Count().ShouldBe(2_000);
        Directory.EnumerateFiles(_folder.Path).ShouldBeEmpty();
        (await _world.ImportAsync(_folder.Path)).WentOnAfter.ShouldBeNull();
    }

    [Fact]
    public async Task History_is_kept_and_not_judged_unless_that_is_asked_for()
    {
        var catalog = new Worker.Evaluation.EvaluatorCatalog([Rules.Evaluator()]);
        await _world.ImportAsync(TransferContract<InMemoryTestStore>.HandMade);
        (await FlowAsync()).IsComplete.ShouldBeTrue();
        catalog.AttachedTo(await FlowAsync()).ShouldBeEmpty();

        await _world.ImportAsync(TransferContract<InMemoryTestStore>.HandMade, judge: true);
        catalog.AttachedTo(await FlowAsync()).ShouldNotBeEmpty();

        await _world.ImportAsync(TransferContract<InMemoryTestStore>.HandMade);
        catalog.AttachedTo(await FlowAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_verdict_of_an_evaluator_here_goes_out_and_is_one_from_outside_where_it_comes()
    {
        await _world.ImportAsync(TransferContract<InMemoryTestStore>.HandMade);
        await _world.Store.Runs.WakeAsync([new Wake("log_f2", true)], Some.Timers, Some.Time, CancellationToken.None);
        await _world.Store.Verdicts.AddAsync([Some.EvaluatorLog("log_f2")], CancellationToken.None);
        await _world.ExportAsync(_folder.Path);

        var again = World();
        await again.ImportAsync(_folder.Path);

        var verdict = (await again.Store.Posted.OnAsync("log_f2", CancellationToken.None).SelectMany(page => page).ToListAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        verdict.Id.ShouldBe(Some.EvaluatorLog("log_f2").Id);
        verdict.Judgment.ShouldBe(Some.EvaluatorLog("log_f2").Judgment);
    }

    private async Task<Log> FlowAsync() =>
        (await _world.Store.Logs.ReadAsync(["log/f 1 \u00e9"], CancellationToken.None)).Values.ShouldHaveSingleItem();

    private async Task<List<string>> StoredAsync() =>
        await _world.Store.Listing.AllAsync(CancellationToken.None).SelectMany(page => page).Select(log => log.Id).Order().ToListAsync(TestContext.Current.CancellationToken);

    private void WriteTool(params string[] lines)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "files", "tl_1", "logs"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "files", "broken"));
        _folder.Write("files/tl_1/file.json", """{"id":"tl_1","type":"tool","path":"a/b"}""");
        _folder.Write("files/broken/file.json", """{"id":"tl_2","type":"tool","path":"c"}""");
        _folder.Write("files/tl_1/logs/1.jsonl", string.Join('\n', lines) + "\n");
    }

    private static string IdOf(Worker.Storage.InboxMessage message) => (string)JsonNode.Parse(message.Body.Span)!["log_id"]!;

    private static TransferWorld World() => new(StoreUnderTest.Of(new InMemoryStore()), new FakeTimeProvider(Some.Time.AddYears(1)));
}
