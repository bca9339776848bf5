using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Worker.Diagnostics;
using Worker.Errors;
using Worker.Ingestion;

namespace Worker.Tests.Diagnostics;

public sealed class ReadinessTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryStore _store = new();
    private readonly SourceState _source = new() { IsOpen = true };
    private readonly HangingSign _other = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly Readiness _readiness;

    public ReadinessTests() => _readiness = new([new StoreServer(_store), _source, _other], _lifetime, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _readiness.Dispose();

    [Fact]
    public async Task A_worker_that_has_all_it_needs_is_ready() =>
        (await _readiness.MissingAsync(Token)).ShouldBeEmpty();

    [Fact]
    public async Task What_is_missing_is_said_and_no_address_with_it()
    {
        _store.Failure = new StoreUnavailableException("MongoDB at mongodb://ann@inner:27017 does not answer.");
        _source.IsOpen = false;

        (await _readiness.MissingAsync(Token)).ShouldBe(
            ["The store takes no writes", "No messages are taken: the broker is not connected, or the inbox is not open"]);
    }

    [Fact]
    public async Task What_hangs_is_missing()
    {
        _other.Hangs = true;

        var asked = _readiness.MissingAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(4));

        (await asked).ShouldBe(["It hangs"]);
    }

    [Fact]
    public async Task Whoever_asks_often_costs_the_servers_one_look_a_second()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _readiness.MissingAsync(Token)));
        _other.Asked.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _readiness.MissingAsync(Token);
        _other.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_worker_that_was_told_to_stop_is_not_ready_from_that_moment()
    {
        (await _readiness.MissingAsync(Token)).ShouldBeEmpty();

        _lifetime.StopApplication();

        (await _readiness.MissingAsync(Token)).ShouldBe(["The worker was told to stop"]);
    }

    private sealed class HangingSign : IReadySign
    {
        private int _asked;

        public bool Hangs { get; set; }

        public int Asked => _asked;

        public string Missing => "It hangs";

        public Task<bool> IsThereAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Hangs ? new TaskCompletionSource<bool>().Task : Task.FromResult(true);
        }
    }
}
