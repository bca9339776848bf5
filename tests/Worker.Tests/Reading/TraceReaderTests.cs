using Worker.Storage;

namespace Worker.Tests.Reading;

public sealed class TraceReaderTests
{
    private readonly SampleStore _sample = new();

    [Fact]
    public async Task Any_Log_of_a_trace_leads_to_the_whole_of_it()
    {
        await _sample.TakeInAsync(HumanloopTraffic.SupportAgent());
        foreach (var id in new[] { "log_answer-ticket_1", "log_refund_1", "log_issue-refund_1", "log_notify-team_1" })
        {
            var view = (await _sample.Reader.ReadWholeAsync(id, CancellationToken.None)).ShouldNotBeNull();
            view.Shape.Ids[0].ShouldBe("log_answer-ticket_1");
            view.Lines.Count.ShouldBe(7);
        }
    }

    [Fact]
    public async Task A_Log_outside_any_trace_is_shown_by_itself_with_what_is_under_it()
    {
        await _sample.TakeInAsync(
        [
            """{"type":"tool.logged","log_id":"top"}""",
            """{"type":"tool.logged","log_id":"under","trace_parent_id":"top"}""",
        ]);
        var view = (await _sample.Reader.ReadWholeAsync("top", CancellationToken.None)).ShouldNotBeNull();
        view.Outermost.ShouldBeNull();
        view.Lines.Select(line => view.Shape.Ids[line.Place]).ShouldBe(["top", "under"]);
    }

    [Fact]
    public async Task Logs_on_a_cycle_belong_to_no_trace()
    {
        await _sample.TakeInAsync(
        [
            """{"type":"flow.logged","log_id":"a","trace_parent_id":"b"}""",
            """{"type":"flow.logged","log_id":"b","trace_parent_id":"a"}""",
            """{"type":"flow.logged","log_id":"below","trace_parent_id":"a"}""",
        ]);
        (await _sample.Reader.ReadWholeAsync("a", CancellationToken.None)).ShouldNotBeNull().Outermost.ShouldBeNull();
        (await _sample.Reader.ReadWholeAsync("below", CancellationToken.None)).ShouldNotBeNull().Outermost!.Id.ShouldBe("below");
    }

    [Fact]
    public async Task Late_Logs_stand_outside_the_trace_with_what_is_under_them()
    {
        await _sample.TakeInAsync(HumanloopTraffic.SupportAgent());
        await _sample.Store.Traces.LabelAsync(
            [new TraceLabel("log_refund_1", "log_answer-ticket_1", null, Late: true)], CancellationToken.None);
        var view = (await _sample.Reader.ReadWholeAsync("log_answer-ticket_1", CancellationToken.None)).ShouldNotBeNull();
        view.LateLogs.ShouldBe(3);
        view.Lines.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_is_not_stored_or_deleted_is_not_found()
    {
        await _sample.TakeInAsync(HumanloopTraffic.Sample());
        (await _sample.Reader.ReadAsync("nowhere", CancellationToken.None)).ShouldBeNull();
        (await _sample.Reader.ReadAsync("a", CancellationToken.None)).ShouldBeNull("the sample deletes it");
    }
}
