using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Lets an Evaluator judge a stored trace, once, without writing anything: no run, no budget, no further try. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class EvaluatorTrial(
    EvaluatorFolder folder, ITraceStore traces, TraceInput inputs, TimeProvider time)
{
    private const string Changed = "The trace changed while it was read; try again.";

    /// <summary>An Evaluator that is in no folder yet. Throws <see cref="EvaluatorFileException"/>.</summary>
    public Evaluator Load(string file) => folder.ReadOne(file);

    /// <summary>Null where the Log is not stored.</summary>
    public async Task<TrialResult?> JudgeAsync(
        Evaluator evaluator, string logId, CancellationToken cancellationToken)
    {
        await using var trace = await OpenTrace.OpenAsync(traces, logId, cancellationToken);
        if (trace.Head is null)
            return null;
        await trace.ReadAsync();
        var run = new Run { LogId = logId, OpenedAt = time.GetUtcNow() };
        var pin = evaluator.PinOn(logId) with { Outcome = Outcome.Waiting };
        if (evaluator.IsFromOutside)
            return new(null, $"It waits for {evaluator.Judging.WaitsFor}; nobody is asked.");
        var jury = new Jury(run, [(pin, evaluator)], time);
        if (!await trace.GiveAsync(jury.Take, cancellationToken))
            return new(null, Changed);
        if (jury.Filtered() is [var filtered])
            return new(null, filtered.Reason);
        return evaluator.Judging.Call is null
            ? new(jury.Verdicts()[0], null)
            : await AskAsync(evaluator, run, pin, trace, cancellationToken);
    }

    /// <summary>What it would be asked; null where the Log is not stored, or the Evaluator is not called.</summary>
    public async Task<string?> PreviewAsync(Evaluator evaluator, string logId, CancellationToken cancellationToken)
    {
        await using var trace = await OpenTrace.OpenAsync(traces, logId, cancellationToken);
        if (trace.Head is null || evaluator.Judging.Call is not { } call)
            return null;
        await trace.ReadAsync();
        return await InputAsync(evaluator, logId, trace, cancellationToken) is { } input
            ? call.Preview(input)
            : throw new StoreUnavailableException(Changed);
    }

    private async Task<TrialResult> AskAsync(
        Evaluator evaluator, Run run, Pin pin, OpenTrace trace, CancellationToken cancellationToken)
    {
        if (await InputAsync(evaluator, run.LogId, trace, cancellationToken) is not { } input)
            return new(null, Changed);

        var start = time.GetUtcNow();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(evaluator.Limits.Timeout);
            var answer = await evaluator.Judging.Call!.AskAsync(input, limit.Token);
            return new(CalledVerdict.Of(run, pin, evaluator, input, answer, start, time.GetUtcNow()), null);
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
