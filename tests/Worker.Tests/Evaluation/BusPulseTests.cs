using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Worker.Diagnostics;
using Worker.Evaluation;
using Worker.Evaluation.Bus;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Tests.Evaluation;

/// <summary>Whether the bus still brings what it is given, and whether what is due is judged.</summary>
public sealed class BusPulseTests
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(2);

    private readonly InMemoryStore _store = new();
    private readonly SettableClock _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bus_that_answers_its_probes_is_well_however_long_nothing_else_comes()
    {
        await using var host = await TestHost.StartAsync(_store, _time);
        var pulse = host.Services.GetRequiredService<BusPulse>();
        for (var look = 0; look < 3; look++)
        {
            (await pulse.LookAsync(After, Token)).ShouldBeNull();
            await host.ConsumedAsync<BusProbe>(Token);
            await HeardAsync(host, look + 1);
            _time.Advance(After * 2);
        }
    }

    [Fact]
    public async Task A_bus_that_does_not_answer_for_long_is_a_stall_of_the_process()
    {
        await using var host = await TestHost.StartAsync(_store, _time);
        var pulse = host.Services.GetRequiredService<BusPulse>();
        var hang = new Hang();
        host.Bus.ConnectConsumeObserver(hang);

        (await pulse.LookAsync(After, Token)).ShouldBeNull();
        _time.Advance(After - TimeSpan.FromSeconds(1));
        (await pulse.LookAsync(After, Token)).ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));

        (await pulse.LookAsync(After, Token)).ShouldBe(
            new Stall("The bus has not answered its own probe for 120 s", IsOfProcess: true));
        hang.End();
    }

    [Fact]
    public async Task It_is_ready_while_it_is_started()
    {
        await using var host = await TestHost.StartAsync(_store, _time);
        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromMinutes(1));
        var pulse = host.Services.GetRequiredService<BusPulse>();
        (await pulse.IsThereAsync(Token)).ShouldBeTrue();

        await bus.StopAsync(Token);

        (await pulse.IsThereAsync(Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_trace_that_is_due_for_long_is_a_stall_and_none_of_the_process()
    {
        var sign = new OverdueRunsSign(_store, _time);
        (await sign.LookAsync(After, Token)).ShouldBeNull();
        await ((IRunStore)_store).WakeAsync([new Wake("f", Complete: true)], Some.Timers, _time.GetUtcNow(), Token);
        var settle = (await ((IRunStore)_store).ReadAsync("f", Token))!.Due!.Value - _time.GetUtcNow();
        _time.Advance(settle + After - TimeSpan.FromSeconds(1));
        (await sign.LookAsync(After, Token)).ShouldBeNull();

        _time.Advance(TimeSpan.FromSeconds(1));

        (await sign.LookAsync(After, Token)).ShouldBe(
            new Stall("A finished trace has been due for 120 s and is not judged"));
    }

    /// <summary>The observer of the host hears a little before the end of the message does.</summary>
    private static async Task HeardAsync(TestHost host, int messages)
    {
        var heard = host.Services.GetRequiredService<HeardMessages>();
        while (heard.Count < messages)
            await Task.Yield();
    }

    private sealed class Hang : IConsumeObserver
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => _end.SetResult();

        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class => _end.Task;

        public Task PostConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}
