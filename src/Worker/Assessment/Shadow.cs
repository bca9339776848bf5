using System.Runtime.CompilerServices;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Assessment;

/// <summary>
/// Lets an Evaluator judge a sample of what is stored, to see what it would say: no run, no verdict is written, and
/// nobody is told. Its calls are made as a worker makes them, within its pace and all budgets, and are counted there.
/// Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class Shadow(
    IRunStore runs,
    ILogStore logs,
    ILogListing listing,
    IEvaluatorLogStore verdicts,
    EvaluatorCatalog catalog,
    EvaluatorTrial trial,
    Spending spending,
    TimeProvider time)
{
    private const int Page = 200;

    /// <summary>How many Logs are judged at once by what is not called.</summary>
    private const int AtOnce = 2;

    public ShadowResult Begin(ShadowQuery query) => new(
        query.Evaluator,
        catalog.All.FirstOrDefault(each => each.Id == query.Evaluator.Id)?.VersionId,
        query.Limit);

    /// <summary>
    /// Returns when all are judged; when it makes no sense to go on, because there is no budget, or nobody answers; and
    /// when it is cancelled: the result says which.
    /// </summary>
    /// <param name="show">Told how far it is. Called by several at once.</param>
    public async Task RunAsync(
        ShadowQuery query, ShadowResult result, Action<ShadowResult> show, CancellationToken cancellationToken)
    {
        var (evaluator, pace) = (Metered(query.Evaluator, result), new CallPace(query.Rate, time));
        var calls = evaluator.Judging.Call is null ? null : new EvaluatorCalls(evaluator, spending, time);
        try
        {
            await Parallel.ForEachAsync(
                SampledAsync(query, result, cancellationToken),
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = calls is null ? AtOnce : evaluator.Limits.Concurrency,
                    CancellationToken = cancellationToken,
                },
                async (sampled, token) =>
                {
                    await pace.WaitAsync(token);
                    if (query.DryRun)
                        await PriceAsync(evaluator, sampled.Log, result, token);
                    else
                        await JudgeAsync(evaluator, calls, sampled, result, token);
                    show(result);
                });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            result.IsInterrupted = true;
        }
    }

    private Evaluator Metered(Evaluator evaluator, ShadowResult result) => evaluator.Judging.Call is not { } call
        ? evaluator
        : evaluator with
        {
            Judging = evaluator.Judging with
            {
                Call = new MeteredCall(call, time, (took, answer) =>
                {
                    result.Took(took);
                    result.Spend(answer.Expense);
                }),
            },
        };

    private async Task PriceAsync(
        Evaluator evaluator, Log log, ShadowResult result, CancellationToken cancellationToken)
    {
        result.Count();
        if (await trial.MostAsync(evaluator, log.Id, cancellationToken) is { } most)
            result.Spend(most);
    }

    private async Task JudgeAsync(
        Evaluator evaluator,
        EvaluatorCalls? calls,
        (Log Log, Run? Run) sampled,
        ShadowResult result,
        CancellationToken cancellationToken)
    {
        var tried = await trial.JudgeAsync(evaluator, sampled.Log.Id, calls, cancellationToken);
        if (tried is { Deferral: { IsTry: false } deferral })
        {
            result.Stop(EvaluatorCalls.WhyOf(deferral));
            return;
        }

        if (calls is null && tried?.Verdict is { } verdict)
            result.Took(verdict.EndTime - verdict.StartTime);
        var current = tried?.Verdict is null
            ? null
            : await CurrentAsync(evaluator, sampled.Run, result, cancellationToken);
        result.Add(sampled.Log.Id, tried, current);
    }

    /// <summary>What the Version in the files said of the content that stands.</summary>
    private async Task<JsonValue?> CurrentAsync(
        Evaluator evaluator, Run? run, ShadowResult result, CancellationToken cancellationToken) =>
        run is null || result.CurrentVersionId is null
            ? null
            : (await verdicts.ReadAsync([run.LogId], cancellationToken))
                .Where(verdict => verdict.Revision == run.Revision
                    && verdict.EvaluatorId == evaluator.Id
                    && verdict.EvaluatorVersionId == result.CurrentVersionId)
                .Select(verdict => Judgments.Given(verdict.Judgment))
                .FirstOrDefault();

    /// <summary>The finished Logs of the sample; a Flow's that were never judged are not finished.</summary>
    private async IAsyncEnumerable<(Log Log, Run? Run)> SampledAsync(
        ShadowQuery query, ShadowResult result, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var log in CandidatesAsync(query.Evaluator, cancellationToken))
        {
            if (result.Stopped is not null)
                yield break;
            if (log.IsDeleted || log.IsHistory || Sampling.PointOf(log.Id) >= query.Share
                || query.Path?.Matches(log.Path) == false || !IsMeant(query.Evaluator, log))
                continue;
            var run = await runs.ReadAsync(log.Id, cancellationToken);
            if (run is { Revision: > 0 } ? query.Covers(run.OpenedAt)
                : log.Kind != LogKind.Flow && log.IsFinished && query.Covers(Timestamps.ToInstant(log.CreatedAt)))
                yield return (log, run);
        }
    }

    /// <summary>One that is attached to nothing yet judges traces.</summary>
    private static bool IsMeant(Evaluator evaluator, Log log) => evaluator.Attachments.IsEmpty
        ? log.MayHeadTrace
        : evaluator.Attachments.Any(each => each.Covers(JudgedFile.Of(log)) && each.Includes(log));

    /// <summary>Flow Logs are found by their runs; other Logs may have none, and are looked for among all.</summary>
    private async IAsyncEnumerable<Log> CandidatesAsync(
        Evaluator evaluator, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (evaluator.Attachments.Any(each => each.MayCover(LogKind.Tool) || each.MayCover(LogKind.Prompt)))
        {
            await foreach (var page in listing.AllAsync(cancellationToken))
            {
                foreach (var log in page)
                    yield return log;
            }
        }
        else
        {
            await foreach (var ids in runs.LogsWithRunsAsync(cancellationToken).Chunk(Page))
            {
                var stored = await logs.ReadAsync(ids, cancellationToken);
                foreach (var log in ids.Select(stored.GetValueOrDefault).OfType<Log>())
                    yield return log;
            }
        }
    }
}
