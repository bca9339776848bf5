using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Worker.Audit;
using Worker.DeadLetters.Local;
using Worker.Ingestion;
using Worker.Retention;
using Worker.Storage;

namespace Worker.Testing;

/// <summary>One worker's retention over a store, and what it is about.</summary>
internal sealed class RetentionWorld(StoreUnderTest store, FakeTimeProvider time, TestIngestion ingestion)
{
    public RetentionOptions Options { get; } = new() { PerSecond = 1_000_000, Tombstones = TimeSpan.FromDays(10) };

    public Dictionary<string, string?> Rules { get; } = [];

    public void Rule(string name, params (string Key, string Value)[] keys)
    {
        foreach (var (key, value) in keys)
            Rules[$"Retention:Rules:{name}:{key}"] = value;
    }

    public async Task<SweepReport> SweepAsync(bool dryRun = false, Life? life = null)
    {
        var mortal = life is null ? store : Killed(store, life);
        var running = Sweep(mortal).RunAsync(AuditActor.Worker, dryRun, _ => Task.FromResult(true), CancellationToken.None);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        return await running;
    }

    public Task<ErasureReceipt> EraseAsync(string[] ids, string[]? users = null, bool dryRun = false) => new Erasure(
        new ErasedLogs(store.Traces, store.Logs, store.Listing),
        store.Traces,
        store.Runs,
        store.Verdicts,
        store.Posted,
        store.Pins,
        Removal(store),
        Logs(store),
        Letters(store),
        time).RunAsync(ids, users ?? [], dryRun, CancellationToken.None);

    private static StoreUnderTest Killed(StoreUnderTest store, Life life) => store with
    {
        Logs = Mortal<ILogStore>.Of(store.Logs, life),
        Runs = Mortal<IRunStore>.Of(store.Runs, life),
        Verdicts = Mortal<IEvaluatorLogStore>.Of(store.Verdicts, life),
        Posted = Mortal<IPostedVerdictStore>.Of(store.Posted, life),
        Removals = Mortal<IRemovalStore>.Of(store.Removals, life),
    };

    public Sweep Sweep(StoreUnderTest over)
    {
        var rules = RetentionRules.Read(new ConfigurationBuilder().AddInMemoryCollection(Rules).Build());
        rules.Faults.ShouldBeEmpty();
        return new(
            new TraceSweep(over.Ages, over.Traces, over.Logs, over.Verdicts, over.Posted, over.Pins, rules),
            Removal(over),
            over.Ages,
            over.Removals,
            rules,
            over.Audit,
            new LetterAudit(Letters(over), Trails.Of(over.Audit, time)),
            Microsoft.Extensions.Options.Options.Create(Options),
            time,
            over.Space,
            over.DeadLetters);
    }

    private LocalDeadLetters Letters(StoreUnderTest over) => new(over.DeadLetters, over.Inbox, new(time), time);

    private TraceRemoval Removal(StoreUnderTest over) =>
        new(over.Removals, over.Traces, over.Logs, Logs(over), ingestion.Waker());

    private static LogRemoval Logs(StoreUnderTest over)
    {
        var folds = new FoldWriter(over.Logs, new FileResolver(over.Files));
        return new(folds, over.Runs, new PostedVerdicts(over.Posted, over.Traces, over.Logs, over.Runs, new(over.Verdicts, over.Runs), folds), over.Removals);
    }
}
