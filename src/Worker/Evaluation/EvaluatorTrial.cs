using Worker.Errors;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Lets an Evaluator judge a stored trace, once, without writing a run or a verdict. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class EvaluatorTrial(
    EvaluatorFolder folder, JudgedTraces traces, TraceInput inputs, LargeTraces large, TimeProvider time)
{
    private const string Changed = "The trace changed while it was read; try again.";

    /// <summary>An Evaluator that is in no folder yet. Throws <see cref="EvaluatorFileException"/>.</summary>
    public Evaluator Load(string file) => folder.ReadOne(file);

    /// <summary>Without budget and without further try. Null where the Log is not stored.</summary>
    public Task<TrialResult?> JudgeAsync(Evaluator evaluator, string logId, CancellationToken cancellationToken) =>
        JudgeAsync(evaluator, logId, calls: null, cancellationToken);

    /// <summary>Null where the Log is not stored.</summary>
    /// <param name="calls">
    /// Asks as a worker does, within pace and budgets; null asks once, whatever that costs.
    /// </param>
    public async Task<TrialResult?> JudgeAsync(
        Evaluator evaluator, string logId, EvaluatorCalls? calls, CancellationToken cancellationToken)
    {
        await using var trace = await OpenAsync(logId, cancellationToken);
        if (trace.Head is null)
            return null;
        using var room = await RoomAsync(trace, cancellationToken);
        await trace.ReadAsync();
        var run = new Run { LogId = logId, OpenedAt = time.GetUtcNow() };
        var pin = evaluator.PinOn(logId) with { Outcome = Outcome.Waiting };
        if (evaluator.IsFromOutside)
            return new(null, $"It waits for {evaluator.Judging.WaitsFor}; nobody is asked.");
        var jury = new Jury(run, [(pin, evaluator)], time);
        if (!await trace.GiveAsync(jury.Take, cancellationToken))
            return new(null, Changed);
        if (jury.Filtered() is [var filtered])
            return new(null, filtered.Reason) { IsFiltered = true };
        return evaluator.Judging.Call is null
            ? new(jury.Verdicts()[0], null)
            : await AskAsync(evaluator, run, pin, trace, calls, cancellationToken);
    }

    /// <summary>What it would be asked; null where the Log is not stored, or the Evaluator is not called.</summary>
    public async Task<string?> PreviewAsync(Evaluator evaluator, string logId, CancellationToken cancellationToken)
    {
        await using var trace = await OpenAsync(logId, cancellationToken);
        if (trace.Head is null || evaluator.Judging.Call is not { } call)
            return null;
        await trace.ReadAsync();
        return await InputAsync(evaluator, logId, trace, cancellationToken) is { } input
            ? call.Preview(input)
            : throw new StoreUnavailableException(Changed);
    }

    /// <summary>The most that one call may cost; null where the Log is not stored, or it is not called.</summary>
    public async Task<Expense?> MostAsync(Evaluator evaluator, string logId, CancellationToken cancellationToken)
    {
        await using var trace = await OpenAsync(logId, cancellationToken);
        if (trace.Head is null || evaluator.Judging.Call is not { } call)
            return null;
        using var room = await RoomAsync(trace, cancellationToken);
        await trace.ReadAsync();
        return await InputAsync(evaluator, logId, trace, cancellationToken) is { } input ? call.MostOf(input) : null;
    }

    /// <summary>A Log's, or that of a verdict that a worker gave.</summary>
    private async Task<OpenTrace> OpenAsync(string logId, CancellationToken cancellationToken)
    {
        var run = new Run { LogId = logId, OpenedAt = time.GetUtcNow() };
        var trace = await OpenTrace.OpenAsync(traces, run, cancellationToken);
        if (trace.Head is not null || await traces.JudgedByAsync(logId, cancellationToken) is not { } judgedId)
            return trace;
        await trace.DisposeAsync();
        return await OpenTrace.OpenAsync(traces, run with { JudgedId = judgedId }, cancellationToken);
    }

    private async Task<IDisposable?> RoomAsync(OpenTrace trace, CancellationToken cancellationToken) =>
        trace.IsLarge ? await large.EnterAsync(Timeout.InfiniteTimeSpan, cancellationToken) : null;

    private async Task<TrialResult> AskAsync(
        Evaluator evaluator,
        Run run,
        Pin pin,
        OpenTrace trace,
        EvaluatorCalls? calls,
        CancellationToken cancellationToken)
    {
        if (await InputAsync(evaluator, run.LogId, trace, cancellationToken) is not { } input)
            return new(null, Changed);

        var start = time.GetUtcNow();
        try
        {
            var (answer, deferral) = calls is null
                ? new(await OnceAsync(evaluator, input, cancellationToken), null)
                : await calls.AskAsync(input, tries: 0, cancellationToken);
            return answer is null
                ? new(null, deferral!.Reason) { Deferral = deferral }
                : new(CalledVerdict.Of(run, pin, evaluator, input, answer, start, time.GetUtcNow()), null);
        }
        catch (Exception failure) when (failure is TransientCallException or EvaluatorPausedException)
        {
            return new(null, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"It gave no answer within {evaluator.Limits.Timeout.TotalSeconds:0.#} s.");
        }
    }

    private static async Task<EvaluatorAnswer> OnceAsync(
        Evaluator evaluator, EvaluatorInput input, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(evaluator.Limits.Timeout);
        return await evaluator.Judging.Call!.AskAsync(input, limit.Token);
    }

    private async Task<EvaluatorInput?> InputAsync(
        Evaluator evaluator, string logId, OpenTrace trace, CancellationToken cancellationToken) =>
        await inputs.OfAsync(trace, cancellationToken) is var (json, isTruncated)
            ? new EvaluatorInput(
                DerivedIds.EvaluatorLog(logId, 0, evaluator.Id, evaluator.VersionId),
                logId,
                0,
                evaluator.Path,
                evaluator.VersionId,
                json,
                isTruncated)
            : null;
}
