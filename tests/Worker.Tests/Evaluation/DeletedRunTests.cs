using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

/// <summary>Whoever wakes a run may have read its Log before another worker deleted it.</summary>
public sealed class DeletedRunTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_is_woken_after_its_Log_was_deleted_is_dropped_when_it_is_due(bool wasJudged)
    {
        var world = await EvaluationWorld.BeginAsync(new(2, WritesOneByOne: false, IsLarge: false), LatePolicy.Rejudge);
        var head = Some.FlowLog("f", complete: true);
        await world.WriteAsync(head);
        if (wasJudged)
            (await world.CalmAsync()).State.ShouldBe(RunState.Judged);
        await world.WriteAsync(LogMerge.Deleted(head, deletedAt: 2));
        await ((IRunStore)world.Store).DropAsync(["f"], Token);

        await world.WakeAsync();
        await DueAsync(world);

        (await ((IRunStore)world.Store).ReadAsync("f", Token)).ShouldBeNull();
        (await ((IEvaluatorLogStore)world.Store).ReadAsync(["f"], Token)).ShouldBeEmpty();
        (await ((IRunStore)world.Store).DecisionsAsync("f", Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_whose_Log_is_not_stored_waits_for_it()
    {
        var world = await EvaluationWorld.BeginAsync(new(2, WritesOneByOne: false, IsLarge: false), LatePolicy.Rejudge);

        await world.WakeAsync();
        await DueAsync(world);

        (await ((IRunStore)world.Store).ReadAsync("f", Token)).ShouldNotBeNull().WaitingFor.ShouldStartWith("the Log:");
    }

    /// <summary>Time passes, one worker claims the run and takes its step.</summary>
    private static async Task DueAsync(EvaluationWorld world)
    {
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.ClaimAsync(world.Workers[0]);
        world.Messages.ShouldNotBeEmpty();
        foreach (var message in world.Messages.ToList())
            await world.DeliverAsync(message, world.Workers[0]);
    }
}
