using Worker.Evaluation;
using Worker.Evaluation.Bus;
using Worker.Files;
using Worker.Ingestion;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

/// <summary>Conversations, from their messages to their verdicts.</summary>
public sealed class ConversationJudgingTests
{
    private static readonly string Chat = DerivedIds.Conversation("chat/a", "s");

    private readonly InMemoryStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conversation_is_judged_as_one_and_again_when_it_goes_on_even_where_late_content_of_traces_is_not()
    {
        await using var host = await StartAsync(("Traces:Late", "ignore"));
        await SendAsync("f1", "f2");
        var first = await JudgedAsync(host, 1);
        first.FinishedBy.ShouldBe(FinishedBy.Quiet);
        (await JudgmentsAsync(Chat)).ShouldBe(["2"]);

        await SendAsync("f3");
        await JudgedAsync(host, 2);
        (await JudgmentsAsync(Chat)).ShouldBe(["2", "3"]);
    }

    [Fact]
    public async Task Who_is_attached_to_the_flow_does_not_judge_its_conversations_nor_the_other_way_round()
    {
        await using var host = await StartAsync();
        await SendAsync("f1", "f2");
        await JudgedAsync(host, 1);

        (await JudgmentsAsync("f1")).ShouldBe(["true"]);
        (await JudgmentsAsync(Chat)).ShouldBe(["2"]);
    }

    [Fact]
    public async Task The_trace_of_a_turn_stays_the_turn()
    {
        await using var host = await StartAsync();
        await SendAsync("f1");
        await JudgedAsync(host, 1);

        var labels = await _store.LabelsAsync(["f1", Chat], Token);
        labels["f1"].TraceId.ShouldBe("f1");
        labels.Keys.ShouldNotContain(Chat);
    }

    private Task<TestHost> StartAsync(params (string Key, string Value)[] settings) => TestHost.StartAsync(
        _store,
        TimeProvider.System,
        [
            Rules.Evaluator("count: { of: children }", "of-conversations", "number") with
            {
                Attachments = [new(LogKind.Flow, new PathGlob("chat/**"), null, OfConversations: true)],
            },
            Rules.Evaluator(path: "of-flows") with { Attachments = [new(LogKind.Flow, new PathGlob("**"), null)] },
        ],
        [.. settings, ("Conversations:Idle", "00:00:01")]);

    private Task<ChunkResult> SendAsync(params string[] ids) =>
        new TestIngestion(StoreUnderTest.Of(_store), TimeProvider.System)
        {
            Conversations = new ConversationOptions { By = "metadata.session", Idle = TimeSpan.FromSeconds(1) },
        }.SendAsync(
        [
            .. ids.Select(id => ("flow.logged",
                $$$"""{"log_id":"{{{id}}}","path":"chat/a","metadata":{"session":"s"},"output":"o","trace_status":"complete"}""")),
        ]);

    private async Task<Run> JudgedAsync(TestHost host, int revision)
    {
        while (true)
        {
            await host.ConsumedAsync<RunDue>(Token);
            if (await ((IRunStore)_store).ReadAsync(Chat, Token) is { State: RunState.Judged } run && run.Revision == revision)
                return run;
        }
    }

    private async Task<IEnumerable<string>> JudgmentsAsync(string logId) =>
        (await ((IEvaluatorLogStore)_store).ReadAsync([logId], Token))
            .OrderBy(verdict => verdict.Revision).Select(verdict => verdict.Judgment.ToString()!);
}
