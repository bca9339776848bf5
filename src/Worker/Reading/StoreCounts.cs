namespace Worker.Reading;

/// <summary>What a check of the store went through.</summary>
internal sealed class StoreCounts
{
    /// <summary>Complete Flow Logs: the sum of the next three and of those without a run.</summary>
    public long Flows { get; set; }

    public long Judged { get; set; }

    /// <summary>Their runs say what they wait for.</summary>
    public long Waiting { get; set; }

    /// <summary>Settling or being evaluated.</summary>
    public long UnderWay { get; set; }

    /// <summary>On complete Flow Logs.</summary>
    public long Decisions { get; set; }

    /// <summary>On complete Flow Logs.</summary>
    public long Verdicts { get; set; }

    /// <summary>All, those of Tool and Prompt Logs and of verdicts included.</summary>
    public long Runs { get; set; }

    /// <summary>Of these, those of verdicts that workers gave.</summary>
    public long JudgedVerdicts { get; set; }

    /// <summary>Their Log is not stored, or was deleted; so with the next two.</summary>
    public long RunsWithoutLog { get; set; }

    public long DecisionsWithoutLog { get; set; }

    public long VerdictsWithoutLog { get; set; }

    /// <summary>Logs that have verdicts from outside.</summary>
    public long JudgedFromOutside { get; set; }

    /// <summary>Of these, those that are not stored: the verdicts came first, which is no fault.</summary>
    public long JudgedFromOutsideWithoutLog { get; set; }

    public long DeadLetters { get; set; }

    /// <summary>
    /// Dead letters that were thrown away, by hand, by retention, or with what somebody had deleted, as the audit has
    /// it: with those that stand they are every message that was refused and did not succeed later.
    /// </summary>
    public long Discarded { get; set; }

    /// <summary>Dead letters that were about to be thrown away, where nobody wrote down that they were.</summary>
    public long DiscardedPerhaps { get; set; }

    /// <summary>Dead letters that hold the body of a message for a Log that asked not to be saved.</summary>
    public long LettersWithABody { get; set; }

    public long Faults { get; set; }
}
