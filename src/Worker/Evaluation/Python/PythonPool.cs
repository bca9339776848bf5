using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Worker.Evaluation.Python;

/// <summary>
/// The Python hosts: as many as calls run at once, started when they are first wanted. One that fails is replaced, and
/// fails its own call alone.
/// </summary>
internal sealed partial class PythonPool(
    IOptions<PythonOptions> options, TimeProvider time, ILogger<PythonPool> logger) : IDisposable
{
    private readonly ConcurrentStack<PythonHost> _idle = new();
    private readonly SemaphoreSlim _free = new(options.Value.Hosts);
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>The folder of host.py.</summary>
    public string Scripts { get; init; } = Path.Combine(AppContext.BaseDirectory, "python");

    /// <summary>
    /// Waits while all hosts are busy. Throws <see cref="EvaluatorPausedException"/> where no host can be had, and
    /// <see cref="TransientCallException"/> where the host is lost.
    /// </summary>
    public async Task<PythonReply> CallAsync(PythonRequest request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopped.Token);
        await _free.WaitAsync(either.Token);
        try
        {
            var host = await HostAsync(either.Token);
            try
            {
                return await host.CallAsync(request, either.Token);
            }
            catch (TransientCallException exception)
            {
                PythonHostWasLost(exception.Message);
                throw;
            }
            finally
            {
                Return(host);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        _stopped.Cancel();
        while (_idle.TryPop(out var host))
            host.Dispose();
    }

    private async Task<PythonHost> HostAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryPop(out var idle))
        {
            if (idle.IsAlive)
                return idle;
            idle.Dispose();
        }

        var host = await PythonHost.StartAsync(options.Value, Scripts, time, cancellationToken);
        PythonHostStarted(host.ProcessId, host.Version, options.Value.Fence, host.Landlock);
        return host;
    }

    private void Return(PythonHost host)
    {
        if (!host.IsAlive)
        {
            host.Dispose();
            return;
        }

        _idle.Push(host);

        // It may have come back after the others were taken away.
        if (_stopped.IsCancellationRequested && _idle.TryPop(out var late))
            late.Dispose();
    }

    [LoggerMessage(
        LogLevel.Information,
        "A Python host was started: process {ProcessId}, Python {Version}, fence {Fence}, Landlock {Landlock}")]
    private partial void PythonHostStarted(int processId, string version, PythonFence fence, int landlock);

    [LoggerMessage(LogLevel.Warning, "A Python host was lost and is replaced: {Problem}")]
    private partial void PythonHostWasLost(string problem);
}
