using System.Collections.Concurrent;

namespace Worker.Evaluation.Hosts;

/// <summary>
/// The hosts of a language: as many as calls run at once, started when they are first wanted. One that fails is
/// replaced, and fails its own call alone.
/// </summary>
internal sealed partial class CodePool(
    ICodeLanguage language, TimeProvider time, ILogger<CodePool> logger) : IDisposable
{
    private readonly ConcurrentStack<CodeHost> _idle = new();
    private readonly SemaphoreSlim _free = new(language.Options.Hosts);
    private readonly CancellationTokenSource _stopped = new();

    public ICodeLanguage Language => language;

    /// <summary>
    /// Waits while all hosts are busy. Throws <see cref="EvaluatorPausedException"/> where no host can be had, and
    /// <see cref="TransientCallException"/> where the host is lost.
    /// </summary>
    public async Task<CodeReply> CallAsync(CodeRequest request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopped.Token);
        await _free.WaitAsync(either.Token);
        try
        {
            // A host may end while it is idle, and the system may be late to tell.
            return await TryAsync(request, either.Token) ??
                await TryAsync(request, either.Token) ??
                throw new TransientCallException($"Two {language.Name} hosts ended before they took the call.");
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

    private async Task<CodeReply?> TryAsync(CodeRequest request, CancellationToken cancellationToken)
    {
        var host = await HostAsync(cancellationToken);
        try
        {
            var reply = await host.CallAsync(request, cancellationToken);
            if (reply is null)
            {
                CodeHostWasLost(language.Name, "It ended before it took a call.");
                host.Dispose();
            }

            return reply;
        }
        catch (TransientCallException exception)
        {
            CodeHostWasLost(language.Name, exception.Message);
            throw;
        }
        finally
        {
            Return(host);
        }
    }

    private async Task<CodeHost> HostAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryPop(out var idle))
        {
            if (idle.IsAlive)
                return idle;
            idle.Dispose();
        }

        var host = await CodeHost.StartAsync(language, time, cancellationToken);
        CodeHostStarted(language.Name, host.ProcessId, host.Version, language.Options.Fence, host.Landlock);
        return host;
    }

    private void Return(CodeHost host)
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
        "A {Language} host was started: process {ProcessId}, version {Version}, fence {Fence}, Landlock {Landlock}")]
    private partial void CodeHostStarted(
        string language, int processId, string version, CodeFence fence, int landlock);

    [LoggerMessage(LogLevel.Warning, "A {Language} host was lost and is replaced: {Problem}")]
    private partial void CodeHostWasLost(string language, string problem);
}
