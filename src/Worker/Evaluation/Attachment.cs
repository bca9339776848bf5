using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Whom an Evaluator judges: Logs of one kind by their File's path, or the Logs of one File by its id. Verdicts are
/// judged by nobody.
/// </summary>
/// <param name="Kind">Null where <paramref name="FileId"/> says it all.</param>
internal sealed record Attachment(LogKind? Kind, PathGlob? Path, string? FileId)
{
    public bool Covers(LogKind kind, string? path, string? fileId) =>
        kind != LogKind.Evaluator && (FileId is not null ? FileId == fileId : Kind == kind && Path!.Matches(path));

    /// <summary>Whether it may cover a Log of that kind, whatever its File is.</summary>
    public bool MayCover(LogKind kind) => kind != LogKind.Evaluator && (FileId is not null || Kind == kind);

    public override string ToString() =>
        FileId is not null ? $"id {FileId}" : $"{Kind!.Value.WireName()} {Path!.Pattern}";
}
