using Worker.DeadLetters;
using Worker.Diagnostics;
using Worker.Evaluation;
using Worker.Ingestion;
using Worker.Publishing;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Viewer;

/// <summary>
/// Gathers how the worker is, from where each is known: nothing is counted anew. What the store and the broker say is
/// looked at seldom, whoever asks. Safe for concurrent use.
/// </summary>
/// <param name="account">Null in a front alone.</param>
/// <param name="spill">Null without a broker.</param>
internal sealed class StatusReader(
    Readiness readiness,
    Stalls stalls,
    IMessageIntake intake,
    IInbox inbox,
    IRunStore runs,
    IVerdictListing verdicts,
    BudgetsLeft budgets,
    EvaluationMetrics evaluation,
    IDeadLetters letters,
    IWorkerStore workers,
    ThisWorker self,
    TimeProvider time,
    IngestionMetrics? account = null,
    Spill? spill = null)
{
    /// <summary>More due runs than these are counted as so many.</summary>
    public const int MostDue = 10_000;

    private readonly LastLook<InboxSize> _inbox = new(
        async token => inbox.Exists ? await inbox.SizeAsync(token) : InboxSize.Empty, time);

    private readonly LastLook<DueRuns> _due = new(
        async token =>
        {
            var (count, oldest) = await runs.BacklogAsync(time.GetUtcNow(), MostDue, token);
            return new(count, oldest);
        },
        time);

    private readonly LastLook<WaitingJudgments> _waiting = new(
        async token => new(
            (await verdicts.PutOffAsync(Outcome.Paused, evaluatorId: null, most: 1, token)).Count,
            (await verdicts.PutOffAsync(Outcome.OverBudget, evaluatorId: null, most: 1, token)).Count),
        time);

    private readonly LastLook<IReadOnlyList<(string Path, double Left)>> _budgets = new(
        token => budgets.ReadAsync(time.GetUtcNow(), token), time);

    private readonly LastLook<LetterCount> _letters = new(
        async token => new(letters.Exist ? await letters.CountAsync(token) : 0), time);

    private readonly LastLook<IReadOnlyList<SeenWorker>> _workers = new(
        token => workers.ListAsync(Presence.Most, token), time);

    public async Task<Status> ReadAsync(CancellationToken cancellationToken)
    {
        var missing = readiness.MissingAsync(cancellationToken);
        var (kept, due, waiting, left, dead, seen) = (
            spill is null ? _inbox.GetAsync() : Task.FromResult<InboxSize?>(spill.Size),
            _due.GetAsync(),
            _waiting.GetAsync(),
            _budgets.GetAsync(),
            _letters.GetAsync(),
            _workers.GetAsync());
        return new()
        {
            Missing = await missing,
            Stalls = [.. stalls.Current.Select(stall => stall.Sentence)],
            Intake = intake.Name,
            Queues = account is { QueueDepths: { Count: > 0 } queues } ? queues : null,
            Inbox = await kept,
            IsSpill = spill is not null,
            IsPaused = account?.IsPaused,
            Done = account is null ? null : (account.Totals.Received, evaluation.Judged),
            Held = account is null ? null : (Math.Max(0, account.Totals.InHand), account.HeldFor),
            Due = await due,
            Waiting = await waiting,
            NotAsked = evaluation.NotAsked,
            Budgets = await left,
            Letters = await dead,
            Workers = await seen,
            Self = self.Id,
        };
    }
}
