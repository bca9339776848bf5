using Microsoft.Extensions.DependencyInjection;
using Worker.Evaluation;
using Worker.Evaluation.Bus;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Tests.Evaluation;

public sealed class LocalTimerLatencyTests
{
    [Fact]
    public async Task A_run_woken_here_does_not_wait_for_the_scan()
    {
        var token = TestContext.Current.CancellationToken;
        var store = new InMemoryStore();
        await using var host = await TestHost.StartAsync(store, ("Evaluation:Scan", "00:01:00"));
        await store.WriteAsync([Some.FlowLog("f", complete: true)], token);
        var now = TimeProvider.System.GetUtcNow();

        await ((IRunStore)store).WakeAsync(
            [new Wake("f", true)], Some.Timers with { Settle = TimeSpan.FromMilliseconds(50) }, now, token);
        host.Services.GetRequiredService<LocalDueTimes>().Set(TimeSpan.FromMilliseconds(50));
        await host.ConsumedAsync<RunDue>(token);

        (TimeProvider.System.GetUtcNow() - now).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }
}
