using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>What <see cref="FoldWriter"/> has done.</summary>
internal sealed class WrittenFolds
{
    /// <summary>The folds as they were written, or found to change nothing.</summary>
    public List<LogFold> Folds { get; } = [];

    /// <summary>
    /// Those of their Logs that were looked at again after that, and written again, in folds without a message.
    /// </summary>
    public List<LogFold> Again { get; } = [];

    /// <summary>The Files and Versions that the Logs have brought and that may be new.</summary>
    public HashSet<CatalogKey> Appeared { get; } = [];
}
