using Microsoft.Extensions.Time.Testing;
using Worker.Assessment;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Yaml;
using Worker.Runs;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Testing.Contracts;

/// <summary>An Evaluator's verdicts beside people's, over a whole store.</summary>
public abstract class AgreementContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly EvaluatorReader Reader = new([new RuleEvaluator(), new OutsideEvaluator("human", "a person"), new OutsideEvaluator("external", "a program")]);

    private readonly Evaluator _judge = Read("path: checks/ok\nkind: rules\nreturn_type: boolean\nattach: [{ kind: flow, path: '**' }]\nrule: { any: { of: head } }");
    private readonly Evaluator _human = Read("path: feedback/ok\nkind: human\nreturn_type: boolean\nattach: [{ kind: flow, path: '**' }]");
    private StoreUnderTest _store = null!;
    private int _number;

    private static AgreementQuery Query { get; } = new("checks/ok", new HashSet<string>(), null, null, new Dictionary<string, string>(), 20);

    public override async ValueTask InitializeAsync() => _store = await OpenAsync();

    [Fact]
    public async Task Verdicts_on_the_same_logs_are_compared_and_the_logs_named_on_which_they_differ()
    {
        for (var i = 0; i < 120; i++)
        {
            await JudgedAsync($"f{i:000}", i % 2 == 0 ? "true" : "false");
            await SaidAsync($"f{i:000}", i is 7 or 8 or 70 ? (i % 2 == 1 ? "true" : "false") : i % 2 == 0 ? "true" : "false", user: "ann");
        }

        await SaidAsync("nobody else judged it", "true");
        var agreement = await ReadAsync(Query with { Limit = 2 });

        (agreement.JudgedByPeople, agreement.WithoutVerdict, agreement.IsStale).ShouldBe((121, 1, false));
        var judged = agreement.Judged!;
        (judged.VersionId, judged.Verdicts, judged.Comparison.Pairs).ShouldBe((_judge.VersionId, 120, 120));
        var pairs = judged.Comparison.Categories;
        (pairs["true", "false"], pairs["false", "true"], pairs["true", "true"], pairs["false", "false"]).ShouldBe((2, 1, 58, 59));
        pairs.Kappa()!.Value.Value.ShouldBe(0.95, 0.001);
        judged.Comparison.Differing.ShouldBe(3);
        judged.Comparison.Differences.ShouldBe([new("f007", 1, "false", "true"), new("f008", 1, "true", "false")]);
    }

    [Fact]
    public async Task Of_one_person_the_last_word_counts_and_of_several_what_most_say()
    {
        foreach (var log in new[] { "changed", "most", "split", "nameless" })
            await JudgedAsync(log, "true");
        await SaidAsync("changed", "true", "ann", at: 2);
        await SaidAsync("changed", "false", "ann", at: 1);
        await SaidAsync("most", "true", "ann");
        await SaidAsync("most", "true", "bob");
        await SaidAsync("most", "false", "eve");
        await SaidAsync("split", "true", "ann");
        await SaidAsync("split", "false", "bob");
        await SaidAsync("nameless", "true");
        await SaidAsync("nameless", "true");
        await SaidAsync("nameless", "false", "ann");

        var judged = (await ReadAsync()).Judged!;

        (judged.Comparison.Pairs, judged.Comparison.Differing, judged.PeopleSplit).ShouldBe((3, 0, 1));
        (judged.BySeveral, judged.BySeveralAlike).ShouldBe((3, 0));
    }

    [Fact]
    public async Task Abstentions_and_errors_are_no_pairs_and_are_counted_apart()
    {
        await JudgedAsync("abstains", null);
        await JudgedAsync("fails", null, error: "It broke.");
        await JudgedAsync("unsaid", "true");
        await JudgedAsync("odd", "true");
        await SaidAsync("abstains", "true");
        await SaidAsync("fails", "true");
        await SaidAsync("unsaid", "null");
        await SaidAsync("odd", "\"perhaps\"");

        var judged = (await ReadAsync()).Judged!;

        (judged.Verdicts, judged.Comparison.Pairs).ShouldBe((4, 0));
        (judged.Abstained, judged.Failed, judged.PeopleAbstained, judged.Unfit).ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public async Task Verdicts_of_another_Version_are_not_mixed_in_and_where_there_are_no_others_they_are_stale()
    {
        await JudgedAsync("old", "false", version: "evv_old");
        await SaidAsync("old", "true");

        var stale = await ReadAsync();
        await JudgedAsync("new", "true");
        await SaidAsync("new", "true");
        var current = await ReadAsync();

        (stale.IsStale, stale.Judged!.VersionId, stale.CurrentVersionId).ShouldBe((true, "evv_old", _judge.VersionId));
        (current.IsStale, current.Judged!.VersionId, current.Judged.Comparison.Differing).ShouldBe((false, _judge.VersionId, 0));
        current.Others.ShouldHaveSingleItem().VersionId.ShouldBe("evv_old");
        current.Others[0].Verdicts.ShouldBe(1);
    }

    [Fact]
    public async Task Only_the_revision_that_stands_is_compared_and_only_of_the_time_that_is_asked_for()
    {
        await JudgedAsync("f", "false", revision: 1);
        await JudgedAsync("f", "true", revision: 2);
        await SaidAsync("f", "true");

        (await ReadAsync()).Judged!.Comparison.Categories["true", "true"].ShouldBe(1);
        (await ReadAsync(Query with { Since = Some.At(5) })).Judged!.Verdicts.ShouldBe(1);
        (await ReadAsync(Query with { Until = Some.At(5) })).Judged.ShouldBeNull();
        (await ReadAsync(Query with { Since = Some.At(6) })).WithoutVerdict.ShouldBe(1);
    }

    [Fact]
    public async Task People_are_who_says_so_in_file_or_message_unless_they_are_named()
    {
        await JudgedAsync("f", "true");
        await SaidAsync("f", "true", path: "review/by-message", spec: """{"evaluator_type":"human","return_type":"boolean"}""");
        await SaidAsync("f", "false", path: "program", spec: """{"evaluator_type":"external","return_type":"boolean"}""");
        await SaidAsync("f", "false", path: "unknown");

        var said = (await ReadAsync()).Judged!;
        var named = (await ReadAsync(Query with { With = new HashSet<string> { "unknown", "program" } })).Judged!;

        (said.Comparison.Pairs, said.Comparison.Differing, said.BySeveral).ShouldBe((1, 0, 0));
        (named.Comparison.Pairs, named.Comparison.Differing, named.BySeveral).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task What_an_Evaluator_said_from_outside_is_compared_too_and_a_later_word_stands()
    {
        const string Spec = """{"evaluator_type":"llm","return_type":"boolean"}""";
        await SaidAsync("f", "false", path: "history/judge", spec: Spec, at: 1);
        await SaidAsync("f", "true", path: "history/judge", spec: Spec, at: 2);
        await SaidAsync("f", "true", user: "ann");

        var agreement = await ReadAsync(Query with { Evaluator = "history/judge" });

        (agreement.CurrentVersionId, agreement.IsStale).ShouldBe((null, true));
        agreement.Judged!.Comparison.Categories["true", "true"].ShouldBe(1);
        agreement.Judged.Verdicts.ShouldBe(1);
    }

    [Fact]
    public async Task Numbers_are_compared_with_peoples_mean_and_words_with_what_they_are_said_to_mean()
    {
        await JudgedAsync("f", "4", spec: """{"kind":"llm","return_type":"number"}""");
        await SaidAsync("f", "5", "ann");
        await SaidAsync("f", "2", "bob");
        await JudgedAsync("g", "5", spec: """{"kind":"llm","return_type":"number"}""");
        await SaidAsync("g", "\"great\"", "ann");

        var numbers = (await ReadAsync(Query with { Meant = new Dictionary<string, string> { ["great"] = "5" } })).Judged!.Comparison;

        (numbers.IsOfNumbers, numbers.Pairs, numbers.Numbers.MeanAbsoluteDifference, numbers.Numbers.MeanOfOther).ShouldBe((true, 2, 0.25, 4.25));
        numbers.Differences.ShouldBe([new("f", 0.5, "4", "3.5")]);
    }

    [Fact]
    public async Task Of_a_time_the_logs_alone_are_looked_at_that_it_judged_then_be_it_from_outside()
    {
        await JudgedAsync("f", "true");
        await JudgedAsync("judged by nobody else", "true");
        await SaidAsync("f", "false", "ann");
        await SaidAsync("not judged", "true", "ann");
        await SaidAsync("g", "false", path: "history/judge", spec: """{"evaluator_type":"llm","return_type":"boolean"}""", at: 1);
        await SaidAsync("g", "false", "ann");
        using var report = new AgreementReport(
            new(_store.Posted, _store.Verdicts, _store.Runs, _store.Files, new([_judge, _human])), _store.Given, _store.Listing, _store.Posted);

        var then = (await report.ReadAsync(_judge.Id, new(Some.At(4), Some.At(6)), Cancellation))!;
        var later = (await report.ReadAsync("checks/ok", new(Some.At(6), Some.At(8)), Cancellation))!;
        var outside = (await report.ReadAsync("history/judge", new(Some.At(500), Some.At(1500)), Cancellation))!;

        (then.LookedAt, then.Agreement.JudgedByPeople, then.IsCut).ShouldBe((2, 1, false));
        then.Agreement.Judged!.Comparison.Differences.ShouldBe([new("f", 1, "true", "false")]);
        (later.LookedAt, later.Agreement.JudgedByPeople).ShouldBe((0, 0));
        (outside.LookedAt, outside.Agreement.Judged!.Comparison.Categories["false", "false"]).ShouldBe((1, 1));
        (await report.ReadAsync("nobody", new(Some.At(4), Some.At(6)), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task An_Evaluator_that_nobody_knows_has_no_agreement_and_one_without_verdicts_an_empty_one()
    {
        (await new AgreementReader(_store.Posted, _store.Verdicts, _store.Runs, _store.Files, new([_judge])).ReadAsync(
            Query with { Evaluator = "nobody" }, _ => { }, Cancellation)).ShouldBeNull();
        (await ReadAsync()).Judged.ShouldBeNull();
    }

    private static Evaluator Read(string text)
    {
        var mistakes = new YamlErrors("test.yaml");
        var evaluator = Reader.Read(text, mistakes);
        mistakes.Lines.ShouldBeEmpty();
        return evaluator!;
    }

    private async Task<Agreement> ReadAsync(AgreementQuery? query = null) =>
        (await new AgreementReader(_store.Posted, _store.Verdicts, _store.Runs, _store.Files, new([_judge, _human])).ReadAsync(
            query ?? Query, _ => { }, Cancellation)).ShouldNotBeNull();

    private async Task JudgedAsync(
        string logId, string? judgment, int revision = 1, string? version = null, string? error = null, string? spec = null)
    {
        await _store.Runs.WakeAsync([new Wake(logId, true)], Some.Timers, Some.Time, Cancellation);
        var run = (await _store.Runs.ReadAsync(logId, Cancellation))!;
        (await _store.Runs.SaveAsync(run with { Revision = revision, State = RunState.Judged, Due = null }, [], Cancellation)).ShouldBeTrue();
        await _store.Verdicts.AddAsync(
            [
                Some.EvaluatorLog(logId, revision, _judge.Id, judgment, error) with
                {
                    EvaluatorVersionId = version ?? _judge.VersionId,
                    Spec = spec is null ? _judge.Spec : Some.Json(spec),
                },
                Some.EvaluatorLog(logId, revision, "ev-another", "false"),
            ],
            Cancellation);
    }

    private async Task SaidAsync(
        string logId, string judgment, string? user = null, string path = "feedback/ok", string? spec = null, int at = 0)
    {
        var ingestion = new TestIngestion(_store, new FakeTimeProvider(Some.At(_number)));
        var said = user is null ? "" : $",\"user\":\"{user}\"";
        var what = spec is null ? "" : $",\"spec\":{spec}";
        await ingestion.SendAsync((
            "evaluator.logged",
            $$"""{"log_id":"v{{_number++}}","parent_id":"{{logId}}","path":"{{path}}","judgment":{{judgment}},"created_at":"{{Some.At(at * 1000):O}}"{{said}}{{what}}}"""));
        ingestion.DeadLetters.ShouldBeEmpty();
    }
}
