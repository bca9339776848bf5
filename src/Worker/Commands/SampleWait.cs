using System.Text.Json;
using Worker.Hosting;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Commands;

/// <summary>Waits, for a bounded time, until a worker has judged all that a sample holds.</summary>
internal sealed class SampleWait
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly IServiceProvider _services;
    private readonly IInbox _inbox;
    private readonly ITraceStore _traces;
    private readonly IRunStore _runs;
    private readonly TimeProvider _time;

    public SampleWait(IServiceProvider services, string sample)
    {
        _services = services;
        _inbox = services.GetRequiredService<IInbox>();
        _traces = services.GetRequiredService<ITraceStore>();
        _runs = services.GetRequiredService<IRunStore>();
        _time = services.GetRequiredService<TimeProvider>();
        OuterFlow = First(sample, "flow.logged", "log_id")
            ?? throw new InvalidDataException($"{sample} holds no Flow Log.");
        JudgedFromOutside = First(sample, "evaluator.logged", "parent_id");
    }

    /// <summary>The Flow Log that the sample begins with.</summary>
    public string OuterFlow { get; }

    /// <summary>The Log of the first verdict from outside; null where the sample holds none.</summary>
    public string? JudgedFromOutside { get; }

    /// <summary>Null when all is judged; else what is not, as a sentence.</summary>
    public async Task<string?> WaitAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (await UnfinishedAsync(cancellationToken) is { } unfinished)
        {
            await _services.ThrowIfServiceEndedAsync();
            if (_time.GetElapsedTime(start) > Longest)
                return $"The demo gave up after {Durations.Words(Longest)}: {unfinished}";
            await Task.Delay(Pause, _time, cancellationToken);
        }

        return null;
    }

    private async Task<string?> UnfinishedAsync(CancellationToken cancellationToken)
    {
        if ((await _inbox.PeekAsync(0, 1, cancellationToken)).Count > 0)
            return "the inbox still holds messages.";
        if (await _runs.ReadAsync(OuterFlow, cancellationToken) is null)
            return $"Flow Log {OuterFlow} has no run.";

        await foreach (var logId in _traces.CompleteFlowsAsync(cancellationToken))
        {
            if (await _runs.ReadAsync(logId, cancellationToken) is not { } run)
                return $"Flow Log {logId} has no run.";
            if (run.State != RunState.Judged && run.WaitingFor is null)
                return $"Flow Log {logId} is not judged yet.";
        }

        return null;
    }

    private static string? First(string sample, string type, string field)
    {
        foreach (var line in File.ReadLines(sample))
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.GetProperty("type").GetString() == type)
                return message.RootElement.GetProperty(field).GetString();
        }

        return null;
    }
}
