using Worker.Files;
using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IMonitoringStore"/> promises.</summary>
public abstract class MonitoringStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task What_was_attached_is_read_by_file_or_whole_and_outlives_the_worker()
    {
        var store = await OpenAsync();
        Monitoring[] all =
        [
            new("f:1", "ev_1", "evv_1", null, IsActive: true) { OccurredAt = 5, MessageId = "m" },
            new("f:1", "ev_2", null, "staging", IsActive: false) { OccurredAt = -5 },
            new("f", "1:ev_1", "evv_1", null, IsActive: true) { OccurredAt = 5, MessageId = "m" },
        ];
        foreach (var each in all)
            (await store.Monitorings.SaveAsync(each, Cancellation)).ShouldBeTrue();

        store = await ReopenAsync();
        (await store.Monitorings.ReadAsync("f:1", Cancellation)).ShouldBe(all[..2]);
        (await store.Monitorings.ReadAsync(null, Cancellation)).ShouldBe([all[2], all[0], all[1]]);
        (await store.Monitorings.ReadAsync("nothing", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_the_later_stands_in_whatever_order_and_however_often_they_come()
    {
        var store = await OpenAsync();
        Monitoring[] said =
        [
            new("f", "ev", "v1", null, IsActive: true) { OccurredAt = 1, MessageId = "a" },
            new("f", "ev", null, "e", IsActive: false) { OccurredAt = 1, MessageId = "b" },
            new("f", "ev", null, "e", IsActive: true) { OccurredAt = 1_700_000_000_000_000, MessageId = "a" },
        ];
        foreach (var order in new[] { new[] { 0, 1, 2 }, [2, 1, 0], [1, 0, 1, 2, 0, 2] })
        {
            var (file, stands) = ($"f{string.Join('-', order)}", -1);
            foreach (var number in order)
            {
                (await store.Monitorings.SaveAsync(said[number] with { FileId = file }, Cancellation)).ShouldBe(number > stands);
                stands = Math.Max(stands, number);
                (await store.Monitorings.ReadAsync(file, Cancellation)).ShouldBe([said[stands] with { FileId = file }]);
            }
        }
    }
}
