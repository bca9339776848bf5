namespace Worker.Runs;

/// <summary>What happens to content that comes after judgement.</summary>
internal enum LatePolicy
{
    /// <summary>The trace is judged again as the next revision; older verdicts stay and read as superseded.</summary>
    Rejudge,

    /// <summary>The Log is kept, marked late, outside the trace.</summary>
    Ignore,
}
