using Worker.Evaluation;

namespace Worker.Assessment;

/// <summary>
/// How the verdicts of one Version of an Evaluator compare with people's. Filled while they are read.
/// </summary>
/// <param name="versionId">Null where the verdicts name none.</param>
/// <param name="returns">As that Version says.</param>
/// <param name="limit">How many differences are kept.</param>
internal sealed class VersionAgreement(string? versionId, ReturnType returns, int limit)
{
    public string? VersionId => versionId;

    public ReturnType Returns => returns;

    /// <summary>The Evaluator's verdicts on Logs that people judged.</summary>
    public long Verdicts { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    public Comparison Comparison { get; } = new(returns, limit);

    /// <summary>The Evaluator abstained.</summary>
    public long Abstained { get; private set; }

    /// <summary>The Evaluator's verdict is an error.</summary>
    public long Failed { get; private set; }

    /// <summary>No person gave a judgment: they abstained, or their verdicts are errors.</summary>
    public long PeopleAbstained { get; private set; }

    /// <summary>As many people said the one as the other.</summary>
    public long PeopleSplit { get; private set; }

    /// <summary>People's judgments, or the Evaluator's, that cannot be compared with the other's.</summary>
    public long Unfit => Comparison.Unfit + _unfit;

    /// <summary>Logs that several people judged.</summary>
    public long BySeveral { get; private set; }

    /// <summary>Of those, the ones on which they said the same.</summary>
    public long BySeveralAlike { get; private set; }

    private long _unfit;

    public void Add(GivenVerdict verdict, Word people)
    {
        Verdicts++;
        LastAt = verdict.At > LastAt ? verdict.At : LastAt;
        BySeveral += people.Said > 1 ? 1 : 0;
        BySeveralAlike += people.Said > 1 && people.IsUnanimous ? 1 : 0;
        if (verdict.IsError)
            Failed++;
        else if (verdict.Judgment is not { } judgment)
            Abstained++;
        else if (people.Said == 0)
            PeopleAbstained++;
        else if (people.IsSplit)
            PeopleSplit++;
        else if (people.Judgment is { } word)
            Comparison.Add(verdict.LogId, judgment, word);
        else
            _unfit++;
    }
}
