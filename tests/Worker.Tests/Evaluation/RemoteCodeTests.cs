using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Worker.Evaluation;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Yaml;
using Worker.Files;
using Worker.Ingestion;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation;

/// <summary>Whoever can send messages, and no more, gets nothing run that the files do not hold.</summary>
public sealed class RemoteCodeTests
{
    private const string Path = "checks/remote";

    private static readonly EvaluatorReader Reader = new([new RuleEvaluator(), new FakeKind()]);
    private static readonly Evaluator Earlier = FromFile("https://earlier.example.com");
    private static readonly Evaluator Now = FromFile("https://now.example.com");

    private readonly InMemoryStore _store = new();
    private readonly EvaluatorCatalog _catalog = new([Now]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_files_held_once_runs_to_the_end_what_began_with_it()
    {
        await StartAsync(Earlier);
        await StartAsync(Now);

        var found = await FindAsync(Earlier.Pin());

        (await AskAsync(found!)).ShouldBe("https://earlier.example.com");
        (found!.Pin(), found!.Path).ShouldBe((Earlier.Pin(), Earlier.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","from_files":true,"is_from_files":true,"IsFromFiles":true""")]
    public async Task What_came_by_message_is_not_run_and_says_why(string more)
    {
        var pin = await SayAsync($$"""{"kind":"evaluator","path":"{{Path}}"{{more}},"details":{"kind":"webhook","return_type":"boolean","url":"https://theirs.example.com"} }""");

        var found = await FindAsync(pin);

        (await AskAsync(found!)).ShouldBe(
            "This Version runs code or calls a host, and came by message or API: it is not run. " +
            "Write it into the files of Evaluators, or set Evaluation:AllowRemoteCode.");
        (await AskAsync((await FindAsync(pin, new RemoteCode(IsAllowed: true)))!)).ShouldBe("https://theirs.example.com");
    }

    [Fact]
    public async Task What_a_message_says_in_the_name_of_a_version_of_the_files_is_not_run_be_it_said_before_or_after()
    {
        var forged = $$"""{"kind":"evaluator","path":"{{Path}}","version_id":"{{Earlier.VersionId}}","details":{"kind":"webhook","return_type":"boolean","url":"https://theirs.example.com"} }""";
        (await SayAsync(forged)).ShouldBe(Earlier.Pin());
        (await AskAsync((await FindAsync(Earlier.Pin()))!)).ShouldStartWith("This Version runs code");

        await StartAsync(Earlier);
        await SayAsync(forged);

        (await AskAsync((await FindAsync(Earlier.Pin()))!)).ShouldBe("https://earlier.example.com");
    }

    [Fact]
    public async Task What_a_verdict_from_outside_brings_with_it_is_not_run()
    {
        var details = Some.Json("""{"kind":"webhook","return_type":"boolean","url":"https://theirs.example.com"}""");
        var log = Some.Log("v", kind: LogKind.Evaluator, fields: [(LogFields.Path, $"\"{Path}\""), (LogFields.Spec, details.ToString())]);
        var (resolutions, _) = await new FileResolver(_store).ResolveAsync([log], Token);
        var pin = new Pin(Now.Id, resolutions[0].VersionId!, Outcome.Waiting, null);

        (await AskAsync((await FindAsync(pin))!)).ShouldStartWith("This Version runs code");
    }

    [Fact]
    public async Task Rules_that_came_by_message_are_run_under_the_id_they_had()
    {
        var rules = Rules.Evaluator();
        var pin = await SayAsync($$"""{"kind":"evaluator","path":"a/b","version_id":"evv_elsewhere","details":{{rules.Spec}}}""");

        var found = await FindAsync(pin);

        found!.Pin().ShouldBe(pin);
        found!.Judging.Begin.ShouldNotBeNull();
        (await FindAsync(pin with { EvaluatorId = "ev_another" })).ShouldBeNull();
    }

    [Fact]
    public async Task A_message_attaches_what_the_files_hold_now_and_nothing_else_that_runs()
    {
        await StartAsync(Earlier);
        await StartAsync(Now);
        var theirs = await SayAsync($$"""{"kind":"evaluator","path":"theirs","details":{"kind":"webhook","return_type":"boolean","url":"https://theirs.example.com"} }""");
        var rules = await SayAsync($$"""{"kind":"evaluator","path":"rules","details":{{Rules.Evaluator().Spec}}}""");
        foreach (var (file, pin) in new[] { ("tl_1", Earlier.Pin()), ("tl_2", Now.Pin()), ("tl_3", theirs), ("tl_4", rules) })
            await AttachAsync(file, pin);

        var refused = await Attachments(null).RefreshAsync(Token);

        refused.ShouldBe([("tl_1", Earlier.Pin()), ("tl_3", theirs)], ignoreOrder: true);
        Judges("tl_1").ShouldBeEmpty();
        Judges("tl_2").ShouldBe([Now.VersionId]);
        Judges("tl_3").ShouldBeEmpty();
        Judges("tl_4").ShouldBe([rules.EvaluatorVersionId]);

        (await Attachments(new RemoteCode(IsAllowed: true)).RefreshAsync(Token)).ShouldBeEmpty();
        Judges("tl_1").ShouldBe([Earlier.VersionId]);
        Judges("tl_3").ShouldBe([theirs.EvaluatorVersionId]);
    }

    [Fact]
    public async Task What_is_attached_and_does_not_judge_is_told()
    {
        var theirs = await SayAsync("""{"kind":"evaluator","path":"theirs","details":{"kind":"webhook","return_type":"boolean","url":"https://theirs.example.com","secret":"s"}}""");
        await AttachAsync("tl_1", theirs);

        await using var host = await TestHost.StartAsync(_store);

        string line;
        do
            line = await host.LoggedAsync(Token);
        while (!line.StartsWith("AttachmentRefused", StringComparison.Ordinal));
        line.ShouldBe(
            $"AttachmentRefused: Evaluator {theirs.EvaluatorId} in Version {theirs.EvaluatorVersionId} was attached to File tl_1 by message and does not judge: " +
            "it runs code or calls a host, and the files hold no such Version; write it into them, or set Evaluation:AllowRemoteCode");
    }

    [Fact]
    public async Task Every_kind_that_runs_code_or_calls_hosts_is_known_to_whoever_takes_messages()
    {
        await using var host = await TestHost.StartAsync(_store);
        var kinds = host.Services.GetServices<IEvaluatorKind>().ToList();

        kinds.Select(kind => kind.Name).ShouldContain("webhook");
        foreach (var kind in kinds)
            (RemoteCode.KindOf(System.Text.Json.JsonElement.Parse($$"""{"kind":"{{kind.Name}}"}""")) is not null).ShouldBe(kind.IsExecutable, kind.Name);
    }

    private static Evaluator FromFile(string url)
    {
        var mistakes = new YamlErrors("a.yaml");
        return Reader.Read(
            $$"""
            path: {{Path}}
            kind: webhook
            return_type: boolean
            attach: [{ kind: prompt, path: nothing }]
            url: {{url}}
            """,
            mistakes) ?? throw new InvalidOperationException(string.Join('\n', mistakes.Lines));
    }

    /// <summary>What a worker does when it starts with that in its files.</summary>
    private Task StartAsync(Evaluator evaluator) =>
        new EvaluatorVersions(new EvaluatorCatalog([evaluator]), _store, Reader).StoreAsync(Token);

    /// <summary>A worker takes a <c>file.saved</c>; returns what it names.</summary>
    private async Task<Pin> SayAsync(string body)
    {
        var (change, refusal) = new FileMessages().Read(MessageKind.FileSaved, Encoding.UTF8.GetBytes(body), 0, "m");
        refusal.ShouldBeNull();
        await _store.AddAsync([change!.File!], [change.Version!], Token);
        return new(change.File!.Id, change.Version!.Id, Outcome.Waiting, null);
    }

    private Task<bool> AttachAsync(string file, Pin pin) =>
        ((IMonitoringStore)_store).SaveAsync(new(file, pin.EvaluatorId, pin.EvaluatorVersionId, null, IsActive: true), Token);

    private StoredAttachments Attachments(RemoteCode? remote) =>
        new(_store, _store, _catalog, new EvaluatorVersions(_catalog, _store, Reader, remote));

    private IEnumerable<string> Judges(string file) => _catalog
        .AttachedTo(Some.Log() with { Resolution = new(file, "v", VersionSource.Inline, null) })
        .Select(evaluator => evaluator.VersionId);

    private async Task<Evaluator?> FindAsync(Pin pin, RemoteCode? remote = null) =>
        await new EvaluatorVersions(_catalog, _store, Reader, remote).FindAsync(pin, Token);

    /// <summary>The host that was called, or why none was.</summary>
    private static async Task<string?> AskAsync(Evaluator evaluator)
    {
        evaluator.Judging.Begin.ShouldBeNull();
        var answer = await evaluator.Judging.Call!.AskAsync(new("k", "l", 1, "p", "v", "{}"u8.ToArray(), IsTruncated: false), Token);
        return answer.Error ?? answer.Reason;
    }

    /// <summary>Calls nobody, and says whom it would have called.</summary>
    private sealed class FakeKind : IEvaluatorKind
    {
        public string Name => "webhook";

        public bool IsExecutable => true;

        public Judging? Read(YamlMap map, YamlErrors mistakes) =>
            JudgmentKeys.Read(map, mistakes, ReturnType.Boolean) is { } returns && map.RequiredText("url", "an address") is { } url
                ? new(returns, Call: new FakeCall(url))
                : null;
    }

    private sealed class FakeCall(string url) : IEvaluatorCall
    {
        public Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken) =>
            Task.FromResult(new EvaluatorAnswer(Judgment: null) { Reason = url });
    }
}
