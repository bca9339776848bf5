using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Worker.Diagnostics;

namespace Worker.Tests.Diagnostics;

public sealed class WatchdogTests : IDisposable
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(2);
    private static readonly Stall OfProcess = new("The bus has not answered its own probe for 125 s", IsOfProcess: true);
    private static readonly Stall OfOthers = new("Dead letters wait");

    private readonly SettableClock _time = new();
    private readonly FakeLogger<Watchdog> _log = new();
    private readonly Stalls _stalls = new();
    private readonly List<int> _ends = [];
    private readonly FakeSign _sign = new();
    private readonly FakeServer _server = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly WatchdogOptions _options = new() { After = After };
    private readonly List<IStallSign> _signs = [];
    private Watchdog? _watchdog;

    public WatchdogTests() => _signs.Add(_sign);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _watchdog?.Dispose();

    [Fact]
    public async Task A_process_that_is_stuck_is_ended_when_that_has_lasted_as_long_again_while_the_servers_answer()
    {
        _sign.Found = OfProcess;
        await LookAsync(TimeSpan.Zero);
        await LookAsync(After - TimeSpan.FromSeconds(1));
        _ends.ShouldBeEmpty();

        await LookAsync(TimeSpan.FromSeconds(1));

        _ends.ShouldBe([70]);
        _log.Of("ProcessEnded").ShouldHaveSingleItem().ShouldContain(
            "a new one can go on where this one cannot: The bus has not answered its own probe for 125 s, and every server has answered for 120 s");
    }

    [Fact]
    public async Task While_a_server_is_away_nothing_is_ended_and_afterwards_the_time_counts_anew()
    {
        _sign.Found = OfProcess;
        await LookAsync(TimeSpan.Zero);
        _server.Fault = new IOException("away");
        await LookAsync(After * 10);
        _ends.ShouldBeEmpty();

        _server.Fault = null;
        await LookAsync(TimeSpan.FromSeconds(15));
        await LookAsync(After - TimeSpan.FromSeconds(1));
        _ends.ShouldBeEmpty();
        await LookAsync(TimeSpan.FromSeconds(1));
        _ends.ShouldBe([70]);
    }

    [Fact]
    public async Task A_server_that_lets_nobody_wait_for_an_answer_is_away()
    {
        _sign.Found = OfProcess;
        await LookAsync(TimeSpan.Zero);
        _server.Hangs = true;
        _time.Advance(After);

        var look = Dog().LookAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(11));
        await look;

        _ends.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stall_that_has_passed_counts_from_the_beginning_when_it_comes_again()
    {
        _sign.Found = OfProcess;
        await LookAsync(TimeSpan.Zero);
        _sign.Found = null;
        await LookAsync(After / 2);
        _sign.Found = OfProcess;
        await LookAsync(After / 2);

        _ends.ShouldBeEmpty();
        _stalls.Current.ShouldBe([OfProcess]);
        _log.Of("StallFound").Count.ShouldBe(2);
        _log.Of("StallsEnded").Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_new_process_would_have_as_well_is_told_and_ends_nothing()
    {
        _sign.Found = OfOthers;
        await LookAsync(TimeSpan.Zero);
        await LookAsync(After * 10);

        _ends.ShouldBeEmpty();
        _server.Asked.ShouldBe(0);
        _stalls.Current.ShouldBe([OfOthers]);
    }

    [Fact]
    public async Task Switched_off_it_tells_and_ends_nothing()
    {
        _options.Enabled = false;
        _sign.Found = OfProcess;
        await LookAsync(TimeSpan.Zero);
        await LookAsync(After * 10);

        _ends.ShouldBeEmpty();
        _stalls.Current.ShouldBe([OfProcess]);
    }

    [Fact]
    public async Task A_sign_that_cannot_be_seen_hides_no_other()
    {
        _signs.Insert(0, new FakeSign { Hangs = true });
        _signs.Insert(1, new FakeSign { Fault = new IOException("The store is away.") });
        _sign.Found = OfProcess;

        var look = Dog().LookAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(11));
        await look;

        _stalls.Current.ShouldBe([OfProcess]);
    }

    [Fact]
    public async Task It_looks_every_quarter_of_a_minute_and_not_at_a_worker_that_stops()
    {
        await Dog().StartAsync(Token);
        await _time.UntilAwaitedAsync(TimeSpan.FromSeconds(15), Token);
        _time.Advance(TimeSpan.FromSeconds(15));
        await _sign.SeenAsync(Token);

        _lifetime.StopApplication();

        await Dog().ExecuteTask!.WaitAsync(TimeSpan.FromMinutes(1), Token);
    }

    private Task LookAsync(TimeSpan later)
    {
        _time.Advance(later);
        return Dog().LookAsync(Token);
    }

    private Watchdog Dog() => _watchdog ??= new(
        _signs, [_server], _stalls, _ends.Add, _lifetime, Options.Create(_options), _time, _log);

    private sealed class FakeSign : IStallSign
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Stall? Found { get; set; }

        public Exception? Fault { get; init; }

        public bool Hangs { get; init; }

        public Task<Stall?> LookAsync(TimeSpan after, CancellationToken cancellationToken)
        {
            _seen.TrySetResult();
            after.ShouldBe(After);
            return Hangs ? new TaskCompletionSource<Stall?>().Task
                : Fault is { } fault ? Task.FromException<Stall?>(fault)
                : Task.FromResult(Found);
        }

        public Task SeenAsync(CancellationToken cancellationToken) =>
            _seen.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
    }

    private sealed class FakeServer : IServer
    {
        public Exception? Fault { get; set; }

        public bool Hangs { get; set; }

        public int Asked { get; private set; }

        public Task AskAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return Hangs ? new TaskCompletionSource().Task
                : Fault is { } fault ? Task.FromException(fault)
                : Task.CompletedTask;
        }
    }
}
