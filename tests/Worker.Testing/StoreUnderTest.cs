using Worker.Storage;

namespace Worker.Testing;

/// <summary>One worker's view of a store: all its ports. Disposing it ends that worker, not the data.</summary>
internal sealed record StoreUnderTest(
    IStore Store,
    ILogStore Logs,
    ILogListing Listing,
    ITraceStore Traces,
    IFileStore Files,
    IFileListing Listings,
    IMonitoringStore Monitorings,
    IRunStore Runs,
    IEvaluatorLogStore Verdicts,
    IAttemptStore Attempts,
    IDeadLetterStore DeadLetters,
    IInbox Inbox,
    IPoisonStore Poison,
    IKeyStore Keys,
    IBudgetStore Budgets,
    IPostedVerdictStore Posted,
    IAlertStore Alerts,
    IVerdictListing Given,
    IAgeListing Ages,
    IRemovalStore Removals,
    IPinStore Pins,
    IAuditStore Audit,
    IWorkerStore Workers,
    ISpace? Space,
    IAsyncDisposable? Owner = null) : IAsyncDisposable
{
    public static StoreUnderTest Of(InMemoryStore store) =>
        new(store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store, store);

    public ValueTask DisposeAsync() => Owner?.DisposeAsync() ?? ValueTask.CompletedTask;
}
