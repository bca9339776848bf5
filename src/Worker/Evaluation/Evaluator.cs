using System.Collections.Immutable;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>One Version of an Evaluator, ready to judge.</summary>
/// <param name="Id">Its File.</param>
/// <param name="VersionId">Derived from the File and <paramref name="Spec"/>.</param>
/// <param name="Path">The File's path.</param>
/// <param name="Description">A sentence for people; null when none is given.</param>
/// <param name="Judging">How it comes to its judgment, and what is accepted as one.</param>
/// <param name="Spec">
/// What makes the Version: kind, return type, limits and rule; not path, description and attachments.
/// </param>
/// <param name="Attachments">Empty for a Version that is no longer in the files.</param>
internal sealed record Evaluator(
    string Id,
    string VersionId,
    string Path,
    string? Description,
    Judging Judging,
    JsonValue Spec,
    ImmutableArray<Attachment> Attachments)
{
    /// <summary>It runs code or calls hosts: see <see cref="IEvaluatorKind.IsExecutable"/>.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>As it is pinned when a revision begins.</summary>
    public Pin Pin => new(Id, VersionId, Outcome.Waiting, null);
}
