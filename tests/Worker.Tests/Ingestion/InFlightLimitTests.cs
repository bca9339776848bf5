using Worker.Ingestion;

namespace Worker.Tests.Ingestion;

public sealed class InFlightLimitTests
{
    private const int MiB = 1024 * 1024;

    private readonly InFlightLimit _bound = new(count: 2000, chunkSize: 500, maxMessageBytes: MiB);

    [Fact]
    public void Before_anything_is_known_messages_count_as_large_as_may_be() => _bound.Current.ShouldBe(64);

    [Fact]
    public void Small_messages_raise_it_to_the_bound_by_count()
    {
        for (var i = 0; i < 20; i++)
            _bound.Observe(500, 500 * 800);

        _bound.Current.ShouldBe(2000);
        _bound.Observe(500, 500 * 800).ShouldBeFalse();
    }

    [Fact]
    public void Large_messages_lower_it_at_once()
    {
        for (var i = 0; i < 20; i++)
            _bound.Observe(500, 500 * 800);

        _bound.Observe(8, 8 * MiB).ShouldBeTrue();
        (_bound.Current * (long)MiB).ShouldBeLessThanOrEqualTo(InFlightLimit.HeldBytes);
    }

    [Fact]
    public void Messages_of_one_size_never_hold_more_than_the_bytes_allowed()
    {
        foreach (var size in new[] { 100, 10_000, 60_000, 200_000, MiB, 15 * MiB })
        {
            var bound = new InFlightLimit(2000, 500, MiB);
            for (var i = 0; i < 100; i++)
            {
                var count = (int)Math.Clamp(ChunkBuilder.DefaultBytes / size, 1, 500);
                bound.Observe(count, (long)count * size);
            }

            (bound.Current == 1 || bound.Current * (long)size <= InFlightLimit.HeldBytes).ShouldBeTrue(
                $"{bound.Current} of {size} bytes");
            bound.Observe(
                (int)Math.Clamp(ChunkBuilder.DefaultBytes / size, 1, 500),
                (long)(int)Math.Clamp(ChunkBuilder.DefaultBytes / size, 1, 500) * size)
                .ShouldBeFalse($"it does not swing at {size} bytes");
        }
    }

    [Fact]
    public void A_single_message_can_always_be_held()
    {
        _bound.Observe(1, 500L * MiB);

        _bound.Current.ShouldBe(1);
    }
}
