using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>What decides which Evaluators are attached to a Log.</summary>
internal readonly record struct JudgedFile(LogKind Kind, string? Path, string? FileId, bool IsConversation)
{
    public static JudgedFile Of(Log log) =>
        new(log.Kind, log.Path, log.Resolution?.FileId ?? log.Text(LogFields.FileId), log.IsConversation);
}
