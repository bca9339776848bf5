using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Worker.Evaluation;
using Worker.Ingestion;
using Worker.Runs;
using Worker.Storage;
using Worker.Tests.Evaluation;
using Worker.Traces;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Tests.Telemetry;

public sealed class SpanTests : IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string SpanId = "b7ad6b7169203331";

    private static readonly string Metadata =
        $$$"""{"a":{"metadata":1},"otel":{"trace_id":"{{{TraceId}}}","span_id":"{{{SpanId}}}"}}""";

    private readonly Spans _spans = new();
    private readonly InMemoryStore _store = new();

    public void Dispose() => _spans.Dispose();

    [Fact]
    public void A_verdict_is_in_the_trace_of_the_span_that_was_judged()
    {
        var judged = VerdictSpan.SpanOf(JsonValue.Parse(Metadata));
        VerdictSpan.Emit("tone", "verdict-1", Returning(ReturnType.Boolean), JsonValue.Parse("true"), isError: false, judged);

        var span = _spans.On("verdict-1").ShouldHaveSingleItem();
        (span.DisplayName, span.TraceId.ToString(), span.ParentSpanId.ToString()).ShouldBe(("gen_ai.evaluation.result", TraceId, SpanId));
        span.GetTagItem("gen_ai.evaluation.name").ShouldBe("tone");
        span.GetTagItem("gen_ai.evaluation.score.value").ShouldBe(1.0);
        span.GetTagItem("gen_ai.evaluation.score.label").ShouldBe("true");
    }

    [Theory]
    [InlineData("Number", "0.75", 0.75, null)]
    [InlineData("Select", "\"kind\"", null, "kind")]
    [InlineData("MultiSelect", "[\"kind\",\"rude\"]", null, "kind,rude")]
    [InlineData("Text", "\"what the user said\"", null, null)]
    [InlineData("Boolean", "null", null, null)]
    public void A_judgment_is_a_value_or_a_label_and_free_text_is_neither(string type, string judgment, double? value, string? label)
    {
        var logId = $"verdict-{type}";
        VerdictSpan.Emit("tone", logId, Returning(Enum.Parse<ReturnType>(type)), JsonValue.Parse(judgment), isError: false, null);

        var span = _spans.On(logId).ShouldHaveSingleItem();
        span.GetTagItem("gen_ai.evaluation.score.value").ShouldBe(value);
        span.GetTagItem("gen_ai.evaluation.score.label").ShouldBe(label);
    }

    [Fact]
    public async Task A_call_links_to_what_is_judged_and_its_verdict_links_to_the_call()
    {
        var evaluator = Rules.Called((_, _) => Task.FromResult(new EvaluatorAnswer(JsonValue.Parse("true"))));
        var calls = new EvaluatorCalls(evaluator, Runners.SpendingOf(_store, TimeProvider.System), TimeProvider.System);
        var log = Encoding.UTF8.GetBytes($$$"""{"inputs":{"metadata":{"x":1}},"metadata":{{{Metadata}}},"trace_children":[]}""");

        await calls.AskAsync(
            new EvaluatorInput("key", "called-1", 1, evaluator.Path, evaluator.VersionId, log, IsTruncated: false),
            0,
            TestContext.Current.CancellationToken);

        var spans = _spans.On("called-1");
        var call = spans.Single(span => span.DisplayName == CallSpan.Name);
        call.Links.ShouldHaveSingleItem().Context.SpanId.ToString().ShouldBe(SpanId);
        var verdict = spans.Single(span => span.DisplayName == VerdictSpan.Name);
        verdict.TraceId.ToString().ShouldBe(TraceId);
        verdict.Links.ShouldHaveSingleItem().Context.SpanId.ShouldBe(call.SpanId);
    }

    [Fact]
    public async Task A_judged_run_is_a_span_from_its_beginning_and_its_verdicts_are_in_the_judged_trace()
    {
        await ((ILogStore)_store).WriteAsync(
            [Some.FlowLog("judged-1", complete: true, fields: (LogFields.Metadata, Metadata))], TestContext.Current.CancellationToken);
        var before = Some.Run("judged-1");
        var run = before with { State = RunState.Judged, Revision = 1, BegunAt = Some.At(5), JudgedAt = Some.At(10) };
        var telemetry = new RunTelemetry(
            new EvaluationMetrics(new TestMeters(), TimeProvider.System), new EvaluatorCatalog([]), _store);

        await telemetry.SavedAsync(
            before,
            run,
            new RunChange(run) { Begins = true, Begun = run, Verdicts = [Some.EvaluatorLog("judged-1")] },
            TestContext.Current.CancellationToken);

        var spans = _spans.On("judged-1");
        var judging = spans.Single(span => span.DisplayName == RunTelemetry.Name);
        judging.StartTimeUtc.ShouldBe(Some.At(5).UtcDateTime);
        judging.Links.ShouldHaveSingleItem().Context.SpanId.ToString().ShouldBe(SpanId);
        var settling = spans.Single(span => span.DisplayName == RunTelemetry.SettleName);
        (settling.ParentSpanId, settling.StartTimeUtc, settling.StartTimeUtc + settling.Duration).ShouldBe(
            (judging.SpanId, before.OpenedAt.UtcDateTime, Some.At(5).UtcDateTime));
        var verdict = spans.Single(span => span.DisplayName == VerdictSpan.Name);
        (verdict.TraceId.ToString(), verdict.ParentSpanId.ToString()).ShouldBe((TraceId, SpanId));
        verdict.Links.ShouldHaveSingleItem().Context.SpanId.ShouldBe(judging.SpanId);
    }

    [Fact]
    public async Task Merging_is_a_span_in_that_of_its_chunk()
    {
        var ingestion = new TestIngestion(StoreUnderTest.Of(_store), TimeProvider.System);
        using var chunk = ChunkSpan.Start(new HeldChunk([Message(null)], 0, 0)).ShouldNotBeNull();

        await ingestion.SendAsync(("tool.logged", """{"log_id":"merged","path":"p"}"""));

        var merge = _spans.Named(ChunkSpan.MergeName).Where(span => span.ParentSpanId == chunk.SpanId)
            .ShouldHaveSingleItem();
        merge.GetTagItem("worker.logs.count").ShouldBe(1);
    }

    [Fact]
    public void An_Evaluator_that_fails_is_an_error_without_its_words()
    {
        VerdictSpan.Emit("tone", "verdict-failed", null, null, isError: true, null);

        var span = _spans.On("verdict-failed").ShouldHaveSingleItem();
        (span.Status, span.StatusDescription).ShouldBe((ActivityStatusCode.Error, null));
        span.GetTagItem("error.type").ShouldBe("evaluator_error");
    }

    [Fact]
    public void A_chunk_links_to_its_producers_and_to_no_more_than_sixty_four()
    {
        var messages = Enumerable.Range(0, 200)
            .Select(i => Message($"00-{TraceId}-{i + 1:x16}-01"))
            .Append(Message("not a span"))
            .Append(Message(null))
            .ToList();

        var span = ChunkSpan.Start(new HeldChunk(messages, 0, 0)).ShouldNotBeNull();
        span.Stop();

        span.Links.Count().ShouldBe(ChunkSpan.Links);
        span.Links.First().Context.TraceId.ToString().ShouldBe(TraceId);
        span.GetTagItem("messaging.batch.message_count").ShouldBe(202);
    }

    private static InboundMessage Message(string? traceParent) =>
        new() { Body = default, ReceivedAt = default, Tag = 0, TraceParent = traceParent };

    private static JudgmentType Returning(ReturnType returns) =>
        new(returns, returns is ReturnType.Select or ReturnType.MultiSelect ? ["kind", "rude"] : ImmutableArray<string>.Empty, null, null);
}
