using Worker.Errors;
using Worker.Storage;

namespace Worker.Audit;

/// <summary>
/// Writes down who did what: nobody else does. An act that somebody asks for is written down before it is done, and its
/// outcome after: so there is none without its entry, and one that was killed half-way reads as begun. Where the entry
/// cannot be written, nothing is done, and whoever asked is told. Where only the outcome cannot, the act stands, and
/// the log says so.
/// </summary>
internal sealed partial class AuditTrail(
    IAuditStore store, StoreResilience resilience, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>
    /// Does the work between the two writes. Throws <see cref="StoreUnavailableException"/> where nothing was done
    /// because it could not be written down, and what the work throws.
    /// </summary>
    /// <param name="actor">Who asks for it.</param>
    /// <param name="act">What is asked for.</param>
    /// <param name="record">What is known before, and becomes known with the work.</param>
    /// <param name="work">Adds to the record what it does.</param>
    public async Task<T> RecordAsync<T>(
        AuditActor actor, AuditAct act, ActRecord record, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var entry = Begin(actor, act);
        await SaveAsync(record.In(entry, AuditOutcome.Begun), cancellationToken);
        try
        {
            var result = await work();
            await EndAsync(record.In(entry, record.IsNothing ? AuditOutcome.Nothing : AuditOutcome.Done));
            return result;
        }
        catch (Exception failure)
        {
            record.Note ??= $"It ended with {failure.GetType().Name}.";
            await EndAsync(record.In(entry, AuditOutcome.Failed));
            throw;
        }
    }

    /// <summary>
    /// Writes down what the worker did by itself, once it is done. It is not undone where that fails: the log says so.
    /// </summary>
    public Task NoteAsync(AuditAct act, ActRecord record) =>
        EndAsync(record.In(Begin(AuditActor.Worker, act), AuditOutcome.Done));

    private AuditEntry Begin(AuditActor actor, AuditAct act)
    {
        var now = time.GetUtcNow();
        return new()
        {
            Id = $"aud_{Guid.CreateVersion7(now):N}",
            At = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
            Actor = actor.Name,
            KeyId = actor.KeyId,
            Origin = actor.Origin,
            Act = act,
        };
    }

    /// <summary>Whoever gave up meanwhile, what was done is written down.</summary>
    private async Task EndAsync(AuditEntry entry)
    {
        try
        {
            await SaveAsync(entry, CancellationToken.None);
        }
        catch (Exception failure) when (StoreFailure.Is(failure))
        {
            AuditEntryNotWritten(EnumName<AuditAct>.Of(entry.Act), entry.Id, failure.Message);
        }
    }

    private ValueTask SaveAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        resilience.ExecuteAsync(async token => await store.SaveAsync(entry, token), cancellationToken);

    [LoggerMessage(
        LogLevel.Warning,
        "How {Act} ended was not written down in the audit, whose entry is {Entry}; the act itself stands: {Reason}")]
    private partial void AuditEntryNotWritten(string act, string entry, string reason);
}
