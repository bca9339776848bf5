using System.Collections.Immutable;
using System.Text.Json;
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
/// What makes the Version: kind, return type, limits and rule; not path, description and attachments, nor when, of how
/// many and how fast it judges.
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
    /// <summary>Which Logs it judges of those it is attached to; null is all.</summary>
    public Sampling? Sampling { get; init; }

    /// <summary>What must hold of a trace for it to judge; null is nothing.</summary>
    public Precondition? When { get; init; }

    /// <summary>How it is called, where it is.</summary>
    public CallLimits Limits { get; init; } = CallLimits.Default;

    /// <summary>It runs code or calls hosts: see <see cref="IEvaluatorKind.IsExecutable"/>.</summary>
    public bool IsExecutable { get; init; }

    public bool IsFromOutside => Judging.IsFromOutside;

    /// <summary>A person gives its verdicts.</summary>
    public bool IsHuman => SaysHuman(Spec);

    private string? WaitsFor => IsFromOutside ? Judging.WaitsFor : Judging.Call is null ? null : "its answer";

    /// <summary>Here it is the <c>kind</c>; the service that is gone said <c>evaluator_type</c>.</summary>
    public static bool SaysHuman(JsonValue spec) =>
        JsonElement.Parse(spec.Utf8.Span) is { ValueKind: JsonValueKind.Object } said
        && (Says(said, "kind") || Says(said, "evaluator_type"));

    private static bool Says(JsonElement spec, string name) =>
        spec.TryGetProperty(name, out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("human");

    /// <summary>As it is pinned when a revision of that Log's run begins.</summary>
    public Pin PinOn(string logId) =>
        Sampling?.WhyNot(logId) is { } reason ? new(Id, VersionId, Outcome.SampledOut, reason)
        : new(Id, VersionId, Outcome.Waiting, WaitsFor);
}
