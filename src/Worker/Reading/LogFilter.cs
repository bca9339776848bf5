using System.Text;
using System.Text.Json;
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

    public bool Matches(Log log) =>
        (VersionId is null || log.Resolution?.VersionId == VersionId)
        && (Ids.Count == 0 || Ids.Any(id => log.Id.Contains(id, StringComparison.Ordinal)))
        && (IsInTrace is not { } inTrace || inTrace == (log.Kind == LogKind.Flow || log.ParentId is not null))
        && (Search is not { } text || Searched.Any(field => Contains(log[field], text)))
        && (MetadataSearch is not { } meta || Contains(log[LogFields.Metadata], meta));

    /// <summary>Looks in the JSON as it was sent, and in its names and texts without their escapes.</summary>
    private static bool Contains(JsonValue? json, string text)
    {
        if (json is not { } value)
            return false;
        var utf8 = value.Utf8.Span;
        if (Encoding.UTF8.GetString(utf8).Contains(text, StringComparison.OrdinalIgnoreCase))
            return true;

        // Without a backslash nothing is escaped, and the JSON has been looked at already.
        if (!utf8.Contains((byte)'\\'))
            return false;
        var reader = new Utf8JsonReader(utf8, new() { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
                && reader.GetString()!.Contains(text, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
