using System.Diagnostics.Metrics;
using Worker.Ingestion;

namespace Worker.Tests.Ingestion;

public sealed class IngestionMetricsTests
{
    [Fact]
    public async Task Every_message_is_in_exactly_one_place_whoever_counts()
    {
        using var account = new IngestionMetrics(new TestMeters());
        var result = new ChunkResult(Stored: 1, Unchanged: 2, Collapsed: 3, Absorbed: 4, Refused: 5);
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), TestContext.Current.CancellationToken, (_, _) =>
        {
            account.Received(18);
            account.Settled(result);
            account.Returned(2);
            return ValueTask.CompletedTask;
        });

        account.Totals.ShouldBe(new IngestionTotals(18000, 1000, 2000, 3000, 4000, 5000, 2000));
        account.Totals.InHand.ShouldBe(1000);
    }

    [Fact]
    public void The_counts_are_exported_as_metrics()
    {
        using var account = new IngestionMetrics(new TestMeters());
        account.Received(7);
        account.Settled(new ChunkResult { Stored = 4, Refused = 1 });
        account.Returned(2);

        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == IngestionMetrics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, _, _) => seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value);
        listener.Start();
        listener.RecordObservableInstruments();

        seen["worker.messages.received"].ShouldBeGreaterThanOrEqualTo(7);
        seen.Keys.Order().ShouldBe([
            "worker.messages.absorbed", "worker.messages.collapsed", "worker.messages.received", "worker.messages.refused",
            "worker.messages.returned", "worker.messages.stored", "worker.messages.unchanged"]);
    }
}
