using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Whom an Evaluator judges: Logs of one kind by their File's path, or the Logs of one File by its id; or the
/// conversations of Flows, by the Flow's path. Verdicts are judged by nobody.
/// </summary>
/// <param name="Kind">Null where <paramref name="FileId"/> says it all.</param>
/// <param name="OfConversations">Conversations are meant; those are no traces of their Flow.</param>
internal sealed record Attachment(LogKind? Kind, PathGlob? Path, string? FileId, bool OfConversations = false)
{
    public bool Covers(JudgedFile file)
    {
        if (file.Kind == LogKind.Evaluator)
            return false;
        if (FileId is not null)
            return FileId == file.FileId;
        return Kind == file.Kind
            && OfConversations == file.IsConversation
            && Path!.Matches(file.IsConversation ? Conversations.FlowOf(file.Path) : file.Path);
    }

    /// <summary>Whether it may cover a Log of that kind, whatever its File is.</summary>
    public bool MayCover(LogKind kind) => kind != LogKind.Evaluator && (FileId is not null || Kind == kind);

    public override string ToString() =>
        FileId is not null ? $"id {FileId}"
        : $"{(OfConversations ? "conversation" : Kind!.Value.WireName())} {Path!.Pattern}";
}
