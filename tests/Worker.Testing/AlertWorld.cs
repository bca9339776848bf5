using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Alerts;
using Worker.DeadLetters.Local;
using Worker.Evaluation.Yaml;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>One worker's alerts over a store, and the verdicts that they look at.</summary>
internal sealed class AlertWorld : IAlertSender
{
    public const string Evaluator = "checks/tone";

    public static readonly string EvaluatorId = DerivedIds.File(LogKind.Evaluator, Evaluator);

    private readonly StoreUnderTest _store;
    private readonly AlertLook _look;
    private readonly AlertPost _post;
    private int _given;

    public AlertWorld(StoreUnderTest store, FakeTimeProvider time)
    {
        _store = store;
        Time = time;
        Gauge = new(store.Given, store.Listing, new LocalDeadLetters(store.DeadLetters, store.Inbox, new(time), time));
        _look = new(store.Alerts, Gauge, Options.Create(new AlertOptions()), time);
        _post = new(store.Alerts, this, time, NullLogger<AlertPost>.Instance);
    }

    public FakeTimeProvider Time { get; }

    public AlertGauge Gauge { get; }

    /// <summary>What the webhook took.</summary>
    public ConcurrentQueue<AlertNotice> Sent { get; init; } = [];

    /// <summary>What the webhook answers instead of taking it; a worker that is killed while it sends throws.</summary>
    public Func<string?> Answer { get; set; } = () => null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An alert as its file says; keys that are not named are those of a rate with a webhook.</summary>
    public static Alert Alert(
        string measure = "measure: rate\njudgment: false",
        string bound = "above: 0.5",
        string more = "at_least: 2",
        bool hasWindow = true,
        string evaluator = "evaluator: " + Evaluator)
    {
        var mistakes = new YamlErrors("a.yaml");
        var window = hasWindow ? "window: 1h" : "";
        var alert = AlertReader.Read(
            $"""
            name: tone
            {evaluator}
            {measure}
            {bound}
            {window}
            {more}
            webhook:
              url: https://alerts.example.com/hook
              secret: alerts
            """,
            mistakes);
        return alert ?? throw new InvalidOperationException(string.Join('\n', mistakes.Lines));
    }

    /// <summary>A look at that time, after the one before, and what it leads to.</summary>
    public async Task<AlertChange?> LookAsync(Alert alert)
    {
        var change = await _look.LookAsync(alert, Cancellation);
        await _post.SendAsync(alert, Cancellation);
        return change;
    }

    /// <summary>A worker that is killed after it wrote what came to pass, and before it told anybody.</summary>
    public Task<AlertChange?> LookAndDieAsync(Alert alert) => _look.LookAsync(alert, Cancellation);

    public Task SendAsync(Alert alert) => _post.SendAsync(alert, Cancellation);

    public Task<AlertState?> StateAsync(Alert alert) => _store.Alerts.ReadAsync(alert.Name, Cancellation);

    /// <summary>A verdict of now, or of some time ago, on a Log of its own.</summary>
    /// <param name="judgment">JSON; null is a failure.</param>
    /// <returns>Its id.</returns>
    public async Task<string> GiveAsync(
        string? judgment, TimeSpan ago = default, TimeSpan? took = null, string? details = null)
    {
        var logId = $"log-{_given++}";
        var end = Time.GetUtcNow() - ago;
        await _store.Runs.WakeAsync([new Wake(logId, Complete: true)], Some.Timers, end, Cancellation);
        var verdict = Some.EvaluatorLog(logId, evaluator: EvaluatorId, judgment: judgment) with
        {
            Error = judgment is null ? "It broke." : null,
            Details = details is null ? null : Some.Json(details),
            StartTime = end - (took ?? TimeSpan.FromSeconds(1)),
            EndTime = end,
        };
        await _store.Verdicts.AddAsync([verdict], Cancellation);
        return verdict.Id;
    }

    Task<string?> IAlertSender.SendAsync(AlertTarget target, AlertNotice notice, CancellationToken cancellationToken)
    {
        var answer = Answer();
        if (answer is null)
            Sent.Enqueue(notice);
        return Task.FromResult(answer);
    }
}
