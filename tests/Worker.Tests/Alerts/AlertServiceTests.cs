using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Worker.Alerts;
using Worker.Errors;
using Worker.Storage;
using Worker.Tests.Evaluation;

namespace Worker.Tests.Alerts;

public sealed class AlertServiceTests : IAlertSender, IDisposable
{
    private readonly InMemoryStore _store = new();
    private readonly SettableClock _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLogger<AlertService> _log = new();
    private readonly Channel<string> _sent = Channel.CreateUnbounded<string>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Three_workers_tell_of_a_breach_once_and_of_its_end_once()
    {
        var world = new AlertWorld(StoreUnderTest.Of(_store), _time);
        Write("above: 0.5");
        var services = Enumerable.Range(0, 3).Select(_ => Service()).ToList();
        foreach (var service in services)
            await service.StartAsync(Cancellation);
        await world.GiveAsync("false");

        var fired = await NextAsync();
        await world.GiveAsync("true");
        var recovered = await NextAsync();

        recovered.ShouldBe(fired + "-recovered");
        foreach (var service in services)
            await service.StopAsync(Cancellation);
        _sent.Reader.TryRead(out _).ShouldBeFalse();
        _log.Of("AlertFired").ShouldHaveSingleItem().ShouldContain(
            $"Alert tone fired as {fired}: rate of false of checks/tone above 0.5 in 1h; it is 1 of 1, and 1 count against it");
        _log.Of("AlertRecovered").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_store_that_is_down_and_a_file_with_a_mistake_are_said_once_and_end_nothing()
    {
        var world = new AlertWorld(StoreUnderTest.Of(_store), _time);
        Write("above: 0.5");
        using var service = Service();
        _store.Failure = new StoreUnavailableException("It is down.");
        await service.StartAsync(Cancellation);
        await PassAsync();
        Write("above: much");
        await PassAsync();
        await PassAsync();
        _log.Of("AlertNotLookedAt").ShouldHaveSingleItem().ShouldContain("It is down.");
        _log.Of("AlertFileRefused").ShouldHaveSingleItem().ShouldContain("a.yaml, line 5, above: This cannot be used");

        _store.Failure = null;
        await world.GiveAsync("false");
        (await NextAsync()).ShouldStartWith("alert_");
        await service.StopAsync(Cancellation);
    }

    Task<string?> IAlertSender.SendAsync(AlertTarget target, AlertNotice notice, CancellationToken cancellationToken)
    {
        _sent.Writer.TryWrite(notice.Key);
        return Task.FromResult<string?>(null);
    }

    private AlertService Service()
    {
        var options = Options.Create(new AlertOptions());
        var gauge = new AlertWorld(StoreUnderTest.Of(_store), _time).Gauge;
        var folder = new AlertFolder(_folder.Path);
        folder.Read();
        var post = new AlertPost(_store, this, _time, NullLogger<AlertPost>.Instance);
        return new(folder, new(_store, gauge, options, _time), post, options, _time, _log);
    }

    /// <summary>What is told next, however many periods that takes.</summary>
    private async Task<string> NextAsync()
    {
        while (!_sent.Reader.TryPeek(out _))
            await PassAsync();
        return await _sent.Reader.ReadAsync(Cancellation);
    }

    /// <summary>A period, when all who wait for it wait.</summary>
    private async Task PassAsync()
    {
        await _time.UntilAwaitedAsync(TimeSpan.FromSeconds(30), Cancellation);
        _time.Advance(TimeSpan.FromSeconds(30));
        await Task.Yield();
    }

    private void Write(string bound) => File.WriteAllText(
        Path.Combine(_folder.Path, "a.yaml"),
        $$"""
        name: tone
        measure: rate
        evaluator: checks/tone
        judgment: false
        {{bound}}
        window: 1h
        at_least: 1
        webhook: { url: "https://alerts.example.com/", secret: alerts }
        """);
}
