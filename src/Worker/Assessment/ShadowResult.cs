using Worker.Evaluation;
using Worker.Runs;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Assessment;

/// <summary>
/// What came of judging in the shadow, as far as it is. Filled by several at once; read once they are over, but for
/// <see cref="Logs"/> and <see cref="Stopped"/>.
/// </summary>
/// <param name="evaluator">Who judges.</param>
/// <param name="currentVersionId">That of the same Evaluator in the files; null where there is none.</param>
/// <param name="limit">How many differences are kept.</param>
internal sealed class ShadowResult(Evaluator evaluator, string? currentVersionId, int limit)
{
    /// <summary>Errors that are told apart.</summary>
    private const int MostErrors = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _errors = new(StringComparer.Ordinal);

    public Evaluator Evaluator => evaluator;

    public string? CurrentVersionId => currentVersionId;

    /// <summary>Logs of the sample that are done, or would be judged where this is a dry run.</summary>
    public long Logs { get; private set; }

    public long Abstained { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Its <c>when</c> does not hold.</summary>
    public long Filtered { get; private set; }

    /// <summary>It was asked, and could not answer: a worker would ask again later.</summary>
    public long Unanswered { get; private set; }

    /// <summary>It says its verdict by itself, later.</summary>
    public long Later { get; private set; }

    /// <summary>Deleted or changed while they were read.</summary>
    public long Changed { get; private set; }

    /// <summary>The first errors, and how often each came.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    public Spread Spread { get; } = new(evaluator.Judging.Returns.Returns);

    public Latencies Latencies { get; } = new();

    public long Tokens { get; private set; }

    /// <summary>In US dollars.</summary>
    public decimal Cost { get; private set; }

    /// <summary>Judgments beside those that the Version in the files gave of the same Logs.</summary>
    public Comparison Comparison { get; } = new(evaluator.Judging.Returns.Returns, limit);

    /// <summary>Why it ended before all were judged; null where it did not.</summary>
    public string? Stopped { get; private set; }

    public bool IsInterrupted { get; set; }

    public void Count()
    {
        lock (_lock)
            Logs++;
    }

    public void Stop(string reason)
    {
        lock (_lock)
            Stopped ??= reason;
    }

    /// <summary>A call was answered, or might cost as much.</summary>
    public void Spend(Expense expense)
    {
        lock (_lock)
        {
            Tokens += expense.Tokens;
            Cost += expense.Cost;
        }
    }

    public void Took(TimeSpan time)
    {
        lock (_lock)
            Latencies.Add(time);
    }

    /// <param name="result">Null where the Log is gone.</param>
    /// <param name="current">What the Version in the files said of it; null where it said nothing.</param>
    public void Add(string logId, TrialResult? result, JsonValue? current)
    {
        lock (_lock)
        {
            Logs++;
            if (result?.Verdict is { } verdict)
                Add(logId, verdict, current);
            else if (result is { IsFiltered: true })
                Filtered++;
            else if (result is { Deferral: { } deferral })
                Add(deferral);
            else
                Changed++;
        }
    }

    private void Add(string logId, EvaluatorLog verdict, JsonValue? current)
    {
        if (verdict.Error is { } error)
        {
            Failed++;
            Tell(error);
        }
        else if (Judgments.ComesLater(verdict))
        {
            Later++;
        }
        else if (Judgments.Given(verdict.Judgment) is not { } judgment)
        {
            Abstained++;
        }
        else
        {
            Spread.Add(judgment);
            if (current is { } known)
                Comparison.Add(logId, judgment, known);
        }
    }

    private void Add(Deferral deferral)
    {
        Unanswered++;
        Tell(EvaluatorCalls.WhyOf(deferral));
    }

    private void Tell(string error)
    {
        if (_errors.Count < MostErrors || _errors.ContainsKey(error))
            _errors[error] = _errors.GetValueOrDefault(error) + 1;
    }
}
