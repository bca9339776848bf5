namespace Worker.Transfer;

/// <summary>What is asked of an import.</summary>
/// <param name="Folder">The export: what has a folder <c>files</c> in it.</param>
internal sealed record ImportOptions(string Folder)
{
    /// <summary>What is imported is judged, as if it had just come.</summary>
    public bool Judge { get; init; }

    /// <summary>Everything is read, and nothing sent.</summary>
    public bool DryRun { get; init; }

    /// <summary>Where the position is kept; null: in the export.</summary>
    public string? Position { get; init; }
}
