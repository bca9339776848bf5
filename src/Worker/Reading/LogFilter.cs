using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>Which Logs of a File a list shows. What is null or empty asks for nothing.</summary>
internal sealed record LogFilter(LogRange Range)
{
    private static readonly Field[] Searched =
        [LogFields.Inputs, LogFields.Output, LogFields.Messages, LogFields.OutputMessage];

    public string? VersionId { get; init; }

    /// <summary>A Log's id contains one of these.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Its inputs or its output, messages included, contain this, in whatever case.</summary>
    public string? Search { get; init; }

    public string? MetadataSearch { get; init; }

    /// <summary>It is a Flow Log or has a parent; or, where false, neither.</summary>
    public bool? IsInTrace { get; init; }

    /// <summary>
    /// So many of them at most, picked by their ids as if at random: the same ones each time, and for every page.
    /// </summary>
    public int? Sample { get; init; }

    /// <summary>Whether each Log has to be read to see if it matches.</summary>
    public bool LooksAtLogs =>
        VersionId is not null
        || Ids.Count > 0
        || Search is not null
        || MetadataSearch is not null
        || IsInTrace is not null;

    /// <summary>What each Log is looked at with.</summary>
    public Predicate<Log> Matcher()
    {
        var text = Search is null ? null : new PayloadSearch(Search);
        var metadata = MetadataSearch is null ? null : new PayloadSearch(MetadataSearch);
        return log => Matches(log)
            && (text is null || Searched.Any(field => text.IsIn(log[field])))
            && (metadata is null || metadata.IsIn(log[LogFields.Metadata]));
    }

    private bool Matches(Log log) =>
        (VersionId is null || log.Resolution?.VersionId == VersionId)
        && (Ids.Count == 0 || Ids.Any(id => log.Id.Contains(id, StringComparison.Ordinal)))
        && (IsInTrace is not { } inTrace || inTrace == (log.Kind == LogKind.Flow || log.ParentId is not null));
}
