using Worker.Errors;
using Worker.Storage;

namespace Worker.Diagnostics;

/// <summary>
/// Writes this process down among those that share the store, for the status page of each of them, and takes it out
/// when it stops. Nothing rests on it: a store that does not answer is not told of here, since whoever needs it tells,
/// and holds up nothing.
/// </summary>
internal sealed class Presence(IWorkerStore store, ThisWorker self, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <summary>As many as the page shows.</summary>
    public const int Most = 200;

    /// <summary>For the night in which a worker was killed, and the morning after.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>What a stop waits for the store at most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int BeatsBetweenLooks = 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var beat = Task.CompletedTask;
        try
        {
            for (var beats = 0; ; beats++)
            {
                beat = BeatAsync(beats);
                await beat.WaitAsync(stoppingToken);
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await LeaveAsync(beat);
        }
    }

    /// <summary>
    /// Under no token: given up over a stop, it could be written after this process was taken out. It ends by the
    /// store's own time limits.
    /// </summary>
    private async Task BeatAsync(int beats)
    {
        try
        {
            await store.SeeAsync(self.At(time.GetUtcNow()), CancellationToken.None);
            if (beats == 0)
                await TakeOverAsync();
            if (beats % BeatsBetweenLooks == 0)
                await store.ForgetAsync(time.GetUtcNow() - Remembered, CancellationToken.None);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
        }
    }

    /// <summary>
    /// Who had this process's number on this host is no more: a container that was killed is started again under the
    /// same. Where two hosts have one name, the other writes itself down again.
    /// </summary>
    private async Task TakeOverAsync()
    {
        var number = (Environment.MachineName, Environment.ProcessId);
        foreach (var other in await store.ListAsync(Most, CancellationToken.None))
        {
            if (other.Id != self.Id && (other.Host, other.ProcessId) == number)
                await store.LeaveAsync(other.Id, CancellationToken.None);
        }
    }

    private async Task LeaveAsync(Task beat)
    {
        using var timeUp = new CancellationTokenSource(Patience, time);
        try
        {
            await beat.WaitAsync(timeUp.Token);
            await store.LeaveAsync(self.Id, timeUp.Token).WaitAsync(timeUp.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException || StoreFailure.Is(exception))
        {
        }
    }
}
