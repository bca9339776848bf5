using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Worker.Audit;
using Worker.Evaluation;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Yaml;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Testing.Contracts;

/// <summary>
/// Verdicts of Evaluators to which others are attached are judged as Logs are: once in effect, whatever is killed in
/// between, to a bounded depth; and they go with what they are on.
/// </summary>
public abstract class OwnVerdictsContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private const int MostCalls = 300;

    private readonly FakeTimeProvider _time = new(Some.Time);

    /// <summary>Each is attached to Flows and to the other; the first to everything, itself included.</summary>
    private readonly Evaluator[] _evaluators = [Rule("one", "**"), Called("two", "one")];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_verdict_is_judged_by_what_is_attached_to_it_and_none_beyond_the_depth(int depth)
    {
        var store = await OpenAsync();
        await WriteAsync(store, "f", "a");
        await CalmAsync(Worker(store, depth), oneByOne: false, twice: false);

        await TreeIsWholeAsync(store, "f", revisions: 1, depth);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_worker_that_is_killed_before_any_call_loses_no_judgement_and_adds_none(
        bool oneByOne, bool twice)
    {
        const int Depth = 2;
        var store = await OpenAsync();
        var isOver = true;
        for (var calls = Random.Shared.Next(TStore.KillEvery); isOver; calls += TStore.KillEvery)
        {
            var flow = $"f{calls}";
            var life = new Life(calls);
            await WriteAsync(store, flow, "a");
            await Task.WhenAny(CalmAsync(Worker(Killed(store, life), Depth), oneByOne, twice), life.Over);
            isOver = life.IsOver;
            if (calls % 3 == 0)
                await WriteAsync(store, flow, "b");
            _time.Advance(TimeSpan.FromMinutes(1));

            await CalmAsync(Worker(store, Depth), oneByOne, twice);

            var run = (await store.Runs.ReadAsync(flow, Cancellation))!;
            await TreeIsWholeAsync(store, flow, run.Revision, Depth);
            calls.ShouldBeLessThan(MostCalls);
        }
    }

    [Fact]
    public async Task Whatever_hangs_on_verdicts_goes_with_the_log_that_they_are_on()
    {
        var store = await OpenAsync();
        await WriteAsync(store, "f", "a");
        await CalmAsync(Worker(store, 3), oneByOne: false, twice: false);
        var verdicts = await TreeIsWholeAsync(store, "f", revisions: 1, depth: 3);

        var log = (await store.Logs.ReadAsync(["f"], Cancellation))["f"];
        await store.Logs.WriteAsync([LogMerge.Deleted(log, 1)], Cancellation);
        await store.Runs.DropAsync(["f"], Cancellation);

        foreach (var id in verdicts.Append("f"))
        {
            (await store.Runs.ReadAsync(id, Cancellation)).ShouldBeNull();
            (await store.Runs.DecisionsAsync(id, Cancellation)).ShouldBeEmpty();
            (await store.Verdicts.ReadAsync([id], Cancellation)).ShouldBeEmpty();
        }

        await NothingIsLeftAsync(store);
    }

    [Fact]
    public async Task A_run_whose_verdict_never_comes_waits_and_goes_when_what_it_was_on_is_gone()
    {
        var store = await OpenAsync();
        await WriteAsync(store, "f", "a");
        var wake = new Wake("v", Complete: true) { Depth = 1, JudgedId = "f" };
        await store.Runs.WakeAsync([wake], Some.Timers, _time.GetUtcNow(), Cancellation);
        (await store.Runs.JudgedVerdictsAsync(["f", "other"], Cancellation)).ShouldBe(["v"]);
        var worker = Worker(store, 1);

        for (var look = 0; look < 20; look++)
            await StepAsync(worker, oneByOne: false, twice: false);

        var run = (await store.Runs.ReadAsync("v", Cancellation)).ShouldNotBeNull();
        (run.WaitingFor, run.Depth, run.JudgedId).ShouldBe(("the verdict: it is not stored yet", 1, "f"));
        run.Due!.Value.ShouldBeGreaterThan(_time.GetUtcNow());
        await NothingIsLeftAsync(store);

        // As where a worker woke it after the Log was dropped.
        await store.Runs.DropAsync(["f"], Cancellation);
        await store.Runs.WakeAsync([wake], Some.Timers, _time.GetUtcNow(), Cancellation);
        await StepAsync(worker, oneByOne: false, twice: false);
        (await store.Runs.ReadAsync("v", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_verdict_from_outside_is_judged_where_an_evaluator_is_attached_to_it()
    {
        var store = await OpenAsync();
        var catalog = new EvaluatorCatalog(_evaluators);
        var ingestion = new TestIngestion(store, _time) { Attached = catalog.Attaches };
        await ingestion.SendAsync(
            ("flow.logged", """{"log_id":"f","output":"o","trace_status":"complete"}"""),
            ("evaluator.logged", """{"log_id":"h","path":"human/ok","parent_id":"f","judgment":true}"""),
            ("evaluator.logged", """{"log_id":"on-h","path":"human/ok","parent_id":"h","judgment":true}"""),
            ("evaluator.logged", """{"log_id":"taken-back","path":"human/ok","parent_id":"f","judgment":null}"""));

        await CalmAsync(Worker(store, 1), oneByOne: false, twice: false);

        (await store.Runs.ReadAsync("h", Cancellation))!.Depth.ShouldBe(1);
        (await store.Verdicts.ReadAsync(["h"], Cancellation)).Select(verdict => verdict.Path).ShouldBe(["one"]);
        (await store.Runs.ReadAsync("on-h", Cancellation)).ShouldBeNull("it lies too deep");
        (await store.Runs.ReadAsync("taken-back", Cancellation)).ShouldBeNull("it says nothing");
        await NothingIsLeftAsync(store);

        await ingestion.SendAsync(("log.deleted", """{"log_id":"f"}"""));
        (await store.Runs.ReadAsync("h", Cancellation)).ShouldBeNull();
        (await store.Verdicts.ReadAsync(["h"], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_people_say_of_a_workers_verdict_goes_with_the_log_too()
    {
        var store = await OpenAsync();
        await WriteAsync(store, "f", "a");
        await CalmAsync(Worker(store, 1), oneByOne: false, twice: false);
        var verdict = (await store.Verdicts.ReadAsync(["f"], Cancellation)).First(each => each.Path == "one");
        var onIt = (await store.Verdicts.ReadAsync([verdict.Id], Cancellation)).Single();
        var ingestion = new TestIngestion(store, _time);
        await ingestion.SendAsync(
            ("evaluator.logged", $$"""{"log_id":"said","parent_id":"{{verdict.Id}}","judgment":false}"""),
            ("evaluator.logged", $$"""{"log_id":"said-of-that","parent_id":"{{onIt.Id}}","judgment":false}"""),
            ("evaluator.logged", """{"log_id":"on-said","parent_id":"said","judgment":false}"""));

        await ingestion.SendAsync(("log.deleted", """{"log_id":"f"}"""));

        (await store.Traces.StandingAsync(["said", "said-of-that", "on-said"], Cancellation)).ShouldBeEmpty();
        await NothingIsLeftAsync(store);
    }

    /// <summary>The ids of all verdicts, of the Log's and on one another.</summary>
    private async Task<List<string>> TreeIsWholeAsync(StoreUnderTest store, string flow, int revisions, int depth)
    {
        var expected = Enumerable.Range(1, revisions)
            .SelectMany(revision => _evaluators.Select(each => (Id: IdOf(flow, revision, each), Evaluator: each)))
            .ToList();
        var found = new List<string>();
        var level = await store.Verdicts.ReadAsync([flow], Cancellation);

        // What was overtaken by new content may have no verdict; whatever stands was given once, and is judged.
        level.Select(verdict => verdict.Id).ShouldBeSubsetOf(expected.Select(each => each.Id));
        level.Where(verdict => verdict.Revision == revisions).Select(verdict => verdict.Id)
            .ShouldBe(_evaluators.Select(each => IdOf(flow, revisions, each)), ignoreOrder: true);
        for (var at = 1; level.Count > 0; at++)
        {
            found.AddRange(level.Select(verdict => verdict.Id));
            level.Select(verdict => verdict.Id).ShouldBeUnique();
            var next = new List<EvaluatorLog>();
            foreach (var verdict in level)
            {
                var on = await store.Verdicts.ReadAsync([verdict.Id], Cancellation);
                var judges = _evaluators.Where(each => at <= depth && each.Id != verdict.EvaluatorId);
                on.Select(each => each.Id).ShouldBe(judges.Select(each => IdOf(verdict.Id, 1, each)));
                var run = await store.Runs.ReadAsync(verdict.Id, Cancellation);
                (run?.State, run?.Depth, run?.Revision).ShouldBe(
                    at <= depth ? (RunState.Judged, at, 1) : (null, null, null));
                next.AddRange(on);
            }

            level = next;
        }

        await NothingIsLeftAsync(store);
        return found;
    }

    private async Task NothingIsLeftAsync(StoreUnderTest store)
    {
        var runs = new RunCheck(store.Runs, store.Verdicts, _time, new(Some.Timers, default, TimeSpan.FromMinutes(5)));
        var check = new LeftoverCheck(
            store.Traces, store.Logs, store.Runs, store.Verdicts, store.Posted, new(store.Runs, store.Verdicts, runs));
        (await check.CheckAsync(new StoreCounts(), Cancellation).ToListAsync(Cancellation)).ShouldBeEmpty();
    }

    /// <summary>Time passes, and all is done that falls due, until nothing is.</summary>
    private async Task CalmAsync(ServiceProvider worker, bool oneByOne, bool twice)
    {
        for (var quiet = 0; quiet < 3;)
            quiet = await StepAsync(worker, oneByOne, twice) ? 0 : quiet + 1;
    }

    private async Task<bool> StepAsync(ServiceProvider worker, bool oneByOne, bool twice)
    {
        _time.Advance(TimeSpan.FromSeconds(31));
        var (runs, now) = (worker.GetRequiredService<IRunStore>(), _time.GetUtcNow());
        var due = await runs.ClaimDueAsync(now, now.AddDays(1), "w", now.AddSeconds(30), 100, Cancellation);
        foreach (var logId in twice ? due.Concat(due).Reverse() : due)
        {
            if (await TakeAsync(worker, logId, (steps, run) => steps.LookAsync(run, Cancellation), oneByOne))
                await EvaluateAsync(worker, logId, oneByOne, twice);
        }

        return due.Count > 0;
    }

    /// <summary>As the saga takes a step. True where Evaluators are to be called.</summary>
    private static async Task<bool> TakeAsync(
        ServiceProvider worker, string logId, Func<RunSteps, Run, Task<RunChange?>> step, bool oneByOne)
    {
        var runs = worker.GetRequiredService<IRunStore>();
        if (await runs.ReadAsync(logId, Cancellation) is not { } run
            || await step(worker.GetRequiredService<RunSteps>(), run) is not { } change)
            return false;
        if (change.Begun is not { } begun)
            await runs.SaveAsync(change.Run, change.Decisions, Cancellation);
        else if (!oneByOne)
            await runs.JudgeAsync(begun, change.Run, change.Decisions, change.Verdicts, Cancellation);
        else if (await runs.SaveAsync(begun, [], Cancellation))
        {
            await worker.GetRequiredService<IEvaluatorLogStore>().AddAsync(change.Verdicts, Cancellation);
            var second = change.Run with { Version = begun.Version + 1, WatchVersion = change.Run.WatchVersion + 1 };
            await runs.SaveAsync(second, change.Decisions, Cancellation);
        }

        return change.RunsEvaluators;
    }

    private async Task EvaluateAsync(ServiceProvider worker, string logId, bool oneByOne, bool twice)
    {
        var run = (await worker.GetRequiredService<IRunStore>().ReadAsync(logId, Cancellation))!;
        foreach (var pin in run.Pins.Where(pin => pin.IsOwed(_time.GetUtcNow())))
        {
            var attempt = new Attempt(logId, run.Revision, pin.EvaluatorId, pin.EvaluatorVersionId);
            var evaluator = _evaluators.Single(each => each.Id == pin.EvaluatorId);
            var calls = new EvaluatorCalls(evaluator, worker.GetRequiredService<Spending>(), _time);
            for (var time = 0; time < (twice ? 2 : 1); time++)
                await worker.GetRequiredService<AttemptRunner>().RunAsync(attempt, evaluator, calls, Cancellation);
            await TakeAsync(worker, logId, (steps, found) => steps.FinishAsync(found, Cancellation), oneByOne);
        }
    }

    private async Task WriteAsync(StoreUnderTest store, string flow, string output)
    {
        var stored = (await store.Logs.ReadAsync([flow], Cancellation)).GetValueOrDefault(flow)?.Version ?? 0;
        var log = Some.FlowLog(flow, complete: true, fields: [(LogFields.Output, $"\"{output}\"")]);
        await store.Logs.WriteAsync([log with { Version = stored }], Cancellation);
        await store.Runs.WakeAsync([new(flow, true)], Some.Timers, _time.GetUtcNow(), Cancellation);
    }

    private static StoreUnderTest Killed(StoreUnderTest store, Life life) => store with
    {
        Traces = Mortal<ITraceStore>.Of(store.Traces, life),
        Runs = Mortal<IRunStore>.Of(store.Runs, life),
        Verdicts = Mortal<IEvaluatorLogStore>.Of(store.Verdicts, life),
        Posted = Mortal<IPostedVerdictStore>.Of(store.Posted, life),
    };

    private ServiceProvider Worker(StoreUnderTest store, int depth)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Evaluation:MaxDepth", $"{depth}")]);
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time)
            .AddSingleton(store.Logs).AddSingleton(store.Traces).AddSingleton(store.Files).AddSingleton(store.Runs)
            .AddSingleton(store.Verdicts).AddSingleton(store.Posted).AddSingleton(store.Attempts)
            .AddSingleton(store.Monitorings).AddSingleton(store.Budgets).AddSingleton(store.Audit)
            .AddAudit().AddReading();
        services.AddEvaluation(settings.Build()).AddSingleton(new EvaluatorCatalog(_evaluators));
        return services.BuildServiceProvider();
    }

    private static string IdOf(string logId, int revision, Evaluator evaluator) =>
        DerivedIds.EvaluatorLog(logId, revision, evaluator.Id, evaluator.VersionId);

    private static Evaluator Rule(string path, string judged)
    {
        var mistakes = new YamlErrors("test.yaml");
        var evaluator = new EvaluatorReader([new RuleEvaluator()]).Read(
            $$"""
            path: {{path}}
            kind: rules
            return_type: boolean
            attach: [{ kind: flow, path: '**' }, { kind: evaluator, path: '{{judged}}' }]
            rule: { any: { of: head } }
            """,
            mistakes);
        mistakes.Lines.ShouldBeEmpty();
        return evaluator!;
    }

    private static Evaluator Called(string path, string judged)
    {
        var rule = Rule(path, judged);
        return rule with { Judging = new(rule.Judging.Returns, Call: new Yes()) };
    }

    private sealed class Yes : IEvaluatorCall
    {
        public Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken)
        {
            using var log = System.Text.Json.JsonDocument.Parse(input.Log);
            log.RootElement.GetProperty("id").GetString().ShouldBe(input.LogId);
            return Task.FromResult(new EvaluatorAnswer(JsonValue.Parse("true")) { Reason = "It is." });
        }

        public Expense MostOf(EvaluatorInput input) => default;
    }
}
