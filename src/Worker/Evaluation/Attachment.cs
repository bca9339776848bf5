using Worker.Files;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Whom an Evaluator judges: Logs of one kind by their File's path, or the Logs of one File by its id; or the
/// conversations of Flows, by the Flow's path. Verdicts are the Logs of Evaluators, and judged like others.
/// </summary>
/// <param name="Kind">Null where <paramref name="FileId"/> says it all.</param>
/// <param name="OfConversations">Conversations are meant; those are no traces of their Flow.</param>
internal sealed record Attachment(LogKind? Kind, PathGlob? Path, string? FileId, bool OfConversations = false)
{
    /// <summary>Only Logs of that Version, by id; null is all.</summary>
    public string? VersionId { get; init; }

    /// <summary>
    /// Only Logs that were called for by that Environment, or say that they come from it; null is all.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>It depends on more than a Log's File.</summary>
    public bool IsNarrow => VersionId is not null || Environment is not null;

    /// <summary>Whether it covers that Log of a File that it covers.</summary>
    public bool Includes(Log log) =>
        (VersionId is null || log.Resolution?.VersionId == VersionId)
        && (Environment is null
            || log.Text(LogFields.VersionEnvironment) == Environment
            || log.Text(LogFields.Environment) == Environment);

    public bool Covers(JudgedFile file)
    {
        if (FileId is not null)
            return FileId == file.FileId;
        return Kind == file.Kind
            && OfConversations == file.IsConversation
            && Path!.Matches(file.IsConversation ? Conversations.FlowOf(file.Path) : file.Path);
    }

    /// <summary>Whether it may cover a Log of that kind, whatever its File is.</summary>
    public bool MayCover(LogKind kind) => FileId is not null || Kind == kind;

    public override string ToString()
    {
        var who = FileId is not null
            ? $"id {FileId}"
            : $"{(OfConversations ? "conversation" : Kind!.Value.WireName())} {Path!.Pattern}";
        var version = VersionId is null ? "" : $" version {VersionId}";
        return who + version + (Environment is null ? "" : $" in {Environment}");
    }
}
