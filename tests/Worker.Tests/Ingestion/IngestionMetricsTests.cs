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
    public void The_account_is_told_by_outcome()
    {
        using var meters = new TestMeters();
        using var account = new IngestionMetrics(meters);
        using var seen = new SeenMetrics(meters);
        account.Received(7);
        account.Settled(new ChunkResult { Stored = 4, Refused = 1 });
        account.Returned(1);
        account.LetterSent("wrong_type");

        seen.Of("worker.messages.received").ShouldBe(7);
        seen.Of("worker.messages.settled", "stored").ShouldBe(4);
        seen.Of("worker.messages.settled", "refused").ShouldBe(1);
        seen.Of("worker.messages.settled", "returned").ShouldBe(1);
        seen.Of("worker.messages.held").ShouldBe(1);
        seen.Of("worker.dead_letters", "wrong_type").ShouldBe(1);
    }
}
