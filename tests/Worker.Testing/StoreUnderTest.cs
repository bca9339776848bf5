using Worker.Storage;

namespace Worker.Testing;

/// <summary>One worker's view of a store: all its ports. Disposing it ends that worker, not the data.</summary>
internal sealed record StoreUnderTest(
    IStore Store,
    ILogStore Logs,
    ITraceStore Traces,
    IFileStore Files,
    IRunStore Runs,
    IEvaluatorLogStore Verdicts,
    IAttemptStore Attempts,
    IDeadLetterStore DeadLetters,
    IInbox Inbox,
    IPoisonStore Poison,
    IPostedVerdictStore Posted,
    IAsyncDisposable? Owner = null) : IAsyncDisposable
{
    public static StoreUnderTest Of(InMemoryStore store) =>
        new(store, store, store, store, store, store, store, store, store, store, store);

    public ValueTask DisposeAsync() => Owner?.DisposeAsync() ?? ValueTask.CompletedTask;
}
