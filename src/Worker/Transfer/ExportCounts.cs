namespace Worker.Transfer;

/// <summary>What an export came to.</summary>
internal sealed class ExportCounts
{
    public long Files { get; set; }

    /// <summary>Files that an export before this one had written whole.</summary>
    public long Passed { get; set; }

    public long Versions { get; set; }

    /// <summary>Lines: a Log in a trace is in that of its head, too.</summary>
    public long Logs { get; set; }

    /// <summary>Of these, those without a File.</summary>
    public long WithoutFile { get; set; }
}
