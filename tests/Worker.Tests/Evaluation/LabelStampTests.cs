using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

public sealed class LabelStampTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trace_whose_head_another_worker_deletes_meanwhile_is_labelled_as_it_was_judged()
    {
        var store = new InMemoryStore();
        var (outer, inner) = (Some.FlowLog("outer"), Some.FlowLog("inner", "outer"));
        await store.WriteAsync([outer, inner, Some.Log("tool", "inner")], Token);
        var run = Some.Run("inner") with { Revision = 1 };
        await using var trace = await OpenTrace.OpenAsync(new(store, store), run, Token);
        await trace.ReadAsync();
        await store.WriteAsync([LogMerge.Deleted(inner, deletedAt: 2) with { Version = 1 }], Token);

        await new LabelStamp(store, Options.Create(new TraceOptions())).SettleAsync(run, trace, Token);

        (await ((ITraceStore)store).LabelsAsync(["tool"], Token))["tool"].TraceId.ShouldBe("outer");
    }
}
