using Microsoft.Extensions.Options;
using Worker.Diagnostics;

namespace Worker.Evaluation;

/// <summary>
/// Lets Evaluators that are called through. While ingestion is behind they go through
/// <see cref="EvaluationOptions.Parallelism"/> at a time, all of them together: what waits for a model can wait for
/// Logs to become durable. Else each is bounded by its own file alone.
/// </summary>
internal sealed class CallGate(IBacklogSign backlog, IOptions<EvaluationOptions> options, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _free = new(options.Value.Parallelism);

    /// <summary>What is returned is given back when the call has ended; null where there is nothing to give.</summary>
    public async ValueTask<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        while (backlog.IsBehind)
        {
            if (_free.Wait(0, cancellationToken))
                return new Turn(_free);
            await Task.Delay(Pause, time, cancellationToken);
        }

        return null;
    }

    public void Dispose() => _free.Dispose();

    private sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
