namespace Worker.Evaluation;

/// <summary>How far a backfill is.</summary>
internal sealed class BackfillCounts
{
    /// <summary>Runs that were looked at.</summary>
    public int Runs { get; set; }

    /// <summary>Logs, and verdicts, that get further verdicts.</summary>
    public int Logs { get; set; }

    /// <summary>Verdicts to come, by the Evaluator's path.</summary>
    public SortedDictionary<string, int> Evaluations { get; } = new(StringComparer.Ordinal);

    /// <summary>Logs that changed at the same moment; made again, it takes them up.</summary>
    public int Lost { get; set; }

    public void Add(string path) => Evaluations[path] = Evaluations.GetValueOrDefault(path) + 1;
}
