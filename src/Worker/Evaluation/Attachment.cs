using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Whom an Evaluator judges: Logs of one kind by their File's path, or the Logs of one File by its id.
/// </summary>
/// <param name="Kind">Null where <paramref name="FileId"/> says it all.</param>
internal sealed record Attachment(LogKind? Kind, PathGlob? Path, string? FileId)
{
    public bool Covers(LogKind kind, string? path, string? fileId) =>
        FileId is not null ? FileId == fileId : Kind == kind && Path!.Matches(path);

    /// <summary>Whether it may cover Logs of that kind, by what is known without their File.</summary>
    public bool MayCover(LogKind kind) => FileId is not null || Kind == kind;

    public override string ToString() =>
        FileId is not null ? $"id {FileId}" : $"{Kind!.Value.WireName()} {Path!.Pattern}";
}
