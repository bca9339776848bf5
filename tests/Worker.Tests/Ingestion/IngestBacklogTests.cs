using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Ingestion;

namespace Worker.Tests.Ingestion;

public sealed class IngestBacklogTests
{
    [Fact]
    public void Ingestion_is_behind_with_more_than_a_chunk_and_a_half_in_hand_and_for_a_second_afterwards()
    {
        using var meters = new TestMeters();
        var time = new FakeTimeProvider(Some.Time);
        using var account = new IngestionMetrics(meters, time);
        var backlog = new IngestBacklog(account, Options.Create(new IngestionOptions { ChunkSize = 10 }), time);

        for (var i = 0; i < 15; i++)
            account.Received();
        backlog.IsBehind.ShouldBeFalse();
        account.Received();
        backlog.IsBehind.ShouldBeTrue();

        account.Settled(new ChunkResult { Stored = 16 });
        time.Advance(TimeSpan.FromMilliseconds(900));
        backlog.IsBehind.ShouldBeTrue("between two chunks there may be less");
        time.Advance(TimeSpan.FromMilliseconds(200));
        backlog.IsBehind.ShouldBeFalse();
    }
}
