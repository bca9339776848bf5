using System.Runtime.CompilerServices;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// What a run judges: a Log of the log store with all under it; or a verdict that a worker gave, which is a trace of
/// one. Throws <see cref="Errors.StoreUnavailableException"/>.
/// </summary>
internal sealed class JudgedTraces(ITraceStore traces, IEvaluatorLogStore verdicts)
{
    /// <summary>As <see cref="ITraceStore.MembersAsync"/>; empty while the verdict is not stored.</summary>
    public IAsyncEnumerable<IReadOnlyList<Log>> MembersAsync(Run run, CancellationToken cancellationToken) =>
        run.JudgedId is { } judgedId
            ? OneAsync(run.LogId, judgedId, cancellationToken)
            : traces.MembersAsync(run.LogId, cancellationToken);

    /// <inheritdoc cref="IEvaluatorLogStore.JudgedByAsync"/>
    public Task<string?> JudgedByAsync(string id, CancellationToken cancellationToken) =>
        verdicts.JudgedByAsync(id, cancellationToken);

    /// <summary>A verdict by its id alone, for people who ask; null where there is none.</summary>
    public async Task<Log?> FindVerdictAsync(string id, CancellationToken cancellationToken) =>
        await JudgedByAsync(id, cancellationToken) is { } judgedId
            ? await VerdictAsync(id, judgedId, cancellationToken)
            : null;

    /// <summary>Null while it is not stored.</summary>
    /// <param name="judgedId">What it is on.</param>
    public async Task<Log?> VerdictAsync(string id, string judgedId, CancellationToken cancellationToken)
    {
        var all = await verdicts.ReadAsync([judgedId], cancellationToken);
        return all.FirstOrDefault(verdict => verdict.Id == id) is { } found ? VerdictLog.Of(found) : null;
    }

    private async IAsyncEnumerable<IReadOnlyList<Log>> OneAsync(
        string id, string judgedId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await VerdictAsync(id, judgedId, cancellationToken) is { } verdict)
            yield return [verdict];
    }
}
