using FsCheck;
using FsCheck.Fluent;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;
using Outcome = Worker.Runs.Outcome;

namespace Worker.Tests.Evaluation;

/// <summary>Whatever happens to workers and messages, every content is judged once in effect.</summary>
public sealed class EvaluationLaws
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(100);

    /// <summary>
    /// Evaluators at hand, whether the store writes one document at a time, whether traces are larger than a page.
    /// </summary>
    public static readonly MatrixTheoryData<int, bool, bool> Kinds = new([0, 1, 2], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Lost_repeated_and_reordered_wake_ups_lead_to_the_same_judgement(int atHand, bool oneByOne, bool large) => Check.One(Config, Prop.ForAll(
        Histories(),
        history => Play(history, new(atHand, oneByOne, large), LatePolicy.Rejudge, async (world, run) =>
        {
            var content = await ((ITraceStore)world.Store).AllMembersAsync("f", CancellationToken.None);
            run.State.ShouldBe(RunState.Judged);
            run.Digest.ShouldBe(TraceDigest.Of(content));
            run.Pins.ShouldAllBe(pin => pin.Outcome == Outcome.Ran);
            run.Revision.ShouldBeLessThanOrEqualTo(world.Changes);
            await VerdictsFitAsync(world, run, content.Count);
        })));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ignored_late_content_leaves_one_judgement_standing(int atHand, bool oneByOne, bool large) => Check.One(Config, Prop.ForAll(
        Histories(),
        history => Play(history, new(atHand, oneByOne, large), LatePolicy.Ignore, async (world, run) =>
        {
            run.State.ShouldBe(RunState.Judged);
            await VerdictsFitAsync(world, run, run.Members!.Value.Length);
            var revision = run.Revision;
            await world.WriteAsync(Some.Log("latest", "f"));
            run = await world.CalmAsync();
            run.Revision.ShouldBe(revision);
            var labels = await ((ITraceStore)world.Store).LabelsAsync(["latest", "f"], CancellationToken.None);
            (labels["latest"].Late, labels["latest"].TraceId).ShouldBe((true, null));
            (labels["f"].Late, labels["f"].TraceId).ShouldBe((false, "f"));
        })));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Repeating_any_step_on_a_judged_run_changes_nothing(int atHand, bool oneByOne, bool large) => Check.One(Config, Prop.ForAll(
        Histories(),
        history => Play(history, new(atHand, oneByOne, large), LatePolicy.Rejudge, async (world, run) =>
        {
            await world.WakeAsync();
            var again = await world.CalmAsync();
            (again with { Version = run.Version, Pins = run.Pins }).ShouldBe(run);
            again.Pins.ShouldBe(run.Pins);
        })));

    /// <summary>
    /// One Evaluator Log for each Evaluator of the standing revision, at most one of earlier ones, and a decision for
    /// each.
    /// </summary>
    private static async Task VerdictsFitAsync(EvaluationWorld world, Run run, int members)
    {
        world.Store.StoredVerdicts.GroupBy(verdict => (verdict.Revision, verdict.EvaluatorId)).ShouldAllBe(
            same => same.Count() == 1);
        var standing = world.Store.StoredVerdicts.Where(verdict => verdict.Revision == run.Revision).ToList();
        standing.Count.ShouldBe(EvaluationWorld.Evaluators);
        standing.Single(verdict => verdict.Path == "two").Judgment!.Value.ToString().ShouldBe($"{members}");
        standing.Single(verdict => verdict.Path == "three").Judgment!.Value.ToString().ShouldBe("true");
        world.Calls.ShouldBeSubsetOf(
            Enumerable.Range(1, run.Revision).Select(world.KeyOf), "every call carries the verdict's id");

        var decisions = await ((IRunStore)world.Store).DecisionsAsync("f", CancellationToken.None);
        foreach (var revision in Enumerable.Range(1, run.Revision))
            decisions.Count(decision => decision.Revision == revision).ShouldBe(EvaluationWorld.Evaluators);
        decisions.ShouldNotContain(decision => decision.Outcome == Outcome.Waiting);
        decisions.Where(decision => decision.Outcome == Outcome.Ran)
            .ShouldAllBe(decision => world.Store.StoredVerdicts.Any(verdict => verdict.Revision == decision.Revision && verdict.EvaluatorId == decision.EvaluatorId));
    }

    /// <summary>Steps as numbers, so that a failing history can be shortened and replayed.</summary>
    private static Arbitrary<int[]> Histories() => Gen.Choose(0, 99_999).ArrayOf().ToArbitrary();

    private static void Play(int[] history, WorldKind kind, LatePolicy late, Func<EvaluationWorld, Run, Task> check) =>
        PlayAsync(history, kind, late, check).GetAwaiter().GetResult();

    private static async Task PlayAsync(
        int[] history, WorldKind kind, LatePolicy late, Func<EvaluationWorld, Run, Task> check)
    {
        var world = await EvaluationWorld.BeginAsync(kind, late);
        await world.WriteAsync(Some.FlowLog("f", complete: true));
        foreach (var step in history)
            await StepAsync(world, step);
        await check(world, await world.CalmAsync());
    }

    private static async Task StepAsync(EvaluationWorld world, int step)
    {
        var worker = world.Workers[step / 10 % world.Workers.Count];
        var pick = world.Messages.Count == 0 ? 0 : step / 100 % world.Messages.Count;
        switch (step % 10)
        {
            case 0:
                await world.WriteAsync(NewLog(step));
                break;
            case 1:
                await world.WakeAsync();
                break;
            case 2 or 3:
                world.Time.Advance(TimeSpan.FromMilliseconds(step / 20 % 3 == 0 ? 40_000 : 600));
                await world.ClaimAsync(worker);
                break;
            case 4 when world.Messages.Count > 0:
                world.Messages.RemoveAt(pick);
                break;
            case 5:
                world.Kill(worker);
                break;
            case > 5 when world.Messages.Count > 0:
                var message = world.Messages[pick];
                if (step % 3 > 0)
                    world.Messages.RemoveAt(pick);
                Func<Task>? Write(int one) => step % one == 0 ? () => world.WriteAsync(NewLog(step)) : null;
                await world.DeliverAsync(
                    message, worker, Write(7), Write(5), dies: (Death)Math.Max(0, (step % 13) - 8));
                break;
        }
    }

    /// <summary>A new Log, or new content of one that is there.</summary>
    private static Log NewLog(int step) =>
        Some.Log($"log-{step / 100 % 4}", "f", fields: [(LogFields.Output, $"\"{step / 1000}\"")]);
}
