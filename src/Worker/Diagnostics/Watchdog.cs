using Microsoft.Extensions.Options;

namespace Worker.Diagnostics;

/// <summary>
/// Looks for what stands still, tells of it, and ends the process over a stall that a new process would not have: one
/// of its own bus or consumer, while every server answers. Servers that are away are waited for, and a stall counts
/// from when they answered again, so that what was held up by them has the time to go on.
/// </summary>
internal sealed partial class Watchdog(
    IEnumerable<IStallSign> signs,
    IEnumerable<IServer> servers,
    Stalls stalls,
    ProcessEnd end,
    IHostApplicationLifetime lifetime,
    IOptions<WatchdogOptions> options,
    TimeProvider time,
    ILogger<Watchdog> logger) : BackgroundService
{
    /// <summary>What a process that was stuck ends with; sysexits.h has it for what is wrong within.</summary>
    public const int ExitCode = 70;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly WatchdogOptions _options = options.Value;
    private long? _stuckSince;

    /// <summary>Eight looks in what makes a stall, and one every quarter of a minute at least.</summary>
    private TimeSpan Pause => _options.After / 8 < LongestPause ? _options.After / 8 : LongestPause;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What is stopping is not looked at: it has a limit of its own.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            stoppingToken, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
                await LookAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Looks once, tells, and may end the process.</summary>
    public async Task LookAsync(CancellationToken stopping)
    {
        var found = await Task.WhenAll(signs.Select(sign => LookAsync(sign, stopping)));
        IReadOnlyList<Stall> current = [.. found.OfType<Stall>()];
        Tell(current);
        stalls.Current = current;
        if (_options.Enabled)
            await JudgeAsync(current.FirstOrDefault(stall => stall.IsOfProcess), stopping);
    }

    private async Task JudgeAsync(Stall? stuck, CancellationToken stopping)
    {
        if (stuck is null || !await ServersAnswerAsync(stopping))
        {
            _stuckSince = null;
            return;
        }

        var now = time.GetTimestamp();
        _stuckSince ??= now;
        if (time.GetElapsedTime(_stuckSince.Value, now) < _options.After)
            return;
        ProcessEnded(stuck.Sentence, Standstill.Text(_options.After));
        end(ExitCode);
    }

    /// <summary>Once for each that is new, and once when there is none left.</summary>
    private void Tell(IReadOnlyList<Stall> current)
    {
        var told = stalls.Current;
        if (current.Count > told.Count)
            StallFound(string.Join("; ", current.Select(stall => stall.Sentence)));
        else if (current.Count == 0 && told.Count > 0)
            StallsEnded();
    }

    private async Task<Stall?> LookAsync(IStallSign sign, CancellationToken stopping)
    {
        try
        {
            return await WithinPatienceAsync(async token => await sign.LookAsync(_options.After, token), stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            SignNotSeen(exception.Message);
            return null;
        }
    }

    private async Task<bool> ServersAnswerAsync(CancellationToken stopping)
    {
        try
        {
            foreach (var server in servers)
            {
                await WithinPatienceAsync(
                    async token =>
                    {
                        await server.AskAsync(token);
                        return true;
                    },
                    stopping);
            }

            return true;
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What looks at no token is left behind.</summary>
    private async Task<T> WithinPatienceAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stopping)
    {
        using var timeUp = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, stopping);
        return await ask(either.Token).WaitAsync(either.Token);
    }

    [LoggerMessage(LogLevel.Warning, "Something stands still: {Stalls}")]
    private partial void StallFound(string stalls);

    [LoggerMessage(LogLevel.Information, "Nothing stands still any more")]
    private partial void StallsEnded();

    [LoggerMessage(LogLevel.Debug, "Whether something stands still could not be seen: {Reason}")]
    private partial void SignNotSeen(string reason);

    [LoggerMessage(
        LogLevel.Error,
        "Ended the process, because a new one can go on where this one cannot: {Stall}, " +
        "and every server has answered for {Length}")]
    private partial void ProcessEnded(string stall, string length);
}
