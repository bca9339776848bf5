using System.Threading.Channels;

namespace Worker.Evaluation;

/// <summary>
/// Attempts in the order in which they came. Each Evaluator that is called has a lane of its own, so that one that is
/// slow holds up no other.
/// </summary>
/// <param name="Calls">Null in the lane of those that are not called.</param>
/// <param name="Concurrency">Attempts at once.</param>
internal sealed record AttemptLane(EvaluatorCalls? Calls, int Concurrency)
{
    /// <summary>What does not fit waits in the store, and is offered again when its run is looked at next.</summary>
    private const int Capacity = 10_000;

    private readonly Channel<(Attempt, Evaluator?)> _queue = Channel.CreateBounded<(Attempt, Evaluator?)>(Capacity);

    /// <summary>False when it is full.</summary>
    /// <param name="evaluator">Null where nobody knows the Version.</param>
    public bool TryAdd(Attempt attempt, Evaluator? evaluator) => _queue.Writer.TryWrite((attempt, evaluator));

    public IAsyncEnumerable<(Attempt Attempt, Evaluator? Evaluator)> AttemptsAsync(
        CancellationToken cancellationToken) =>
        _queue.Reader.ReadAllAsync(cancellationToken);
}
