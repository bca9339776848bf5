namespace Worker.Transfer;

/// <summary>What an import came to.</summary>
internal sealed class ImportCounts
{
    public long Files { get; set; }

    public long Versions { get; set; }

    public long Deployments { get; set; }

    /// <summary>Logs as they were met: one that stands in several places counts in each.</summary>
    public long Logs { get; set; }

    public long Verdicts { get; set; }

    /// <summary>Messages that are durable where they were sent, or would have been sent.</summary>
    public long Messages { get; set; }

    /// <summary>What could not be read, or was not taken, and was told with its place.</summary>
    public long Skipped { get; set; }

    /// <summary>Where an import before this one had been ended, and this one went on; null: at the start.</summary>
    public string? WentOnAfter { get; set; }

    public long Datasets { get; set; }

    public long Evaluations { get; set; }

    public long Agents { get; set; }

    public long AgentLogs { get; set; }

    public long Credentials { get; set; }
}
