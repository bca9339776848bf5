using System.ComponentModel.DataAnnotations;
using Worker.Files;

namespace Worker.Evaluation;

/// <summary>How Evaluators are run. Section <c>Evaluation</c>.</summary>
internal sealed class EvaluationOptions
{
    public const string SectionName = "Evaluation";

    /// <summary>The folder of Evaluator files; relative to the program's own folder when not absolute.</summary>
    [Required]
    public string Evaluators { get; set; } = "config/evaluators";

    /// <summary>
    /// How long a claim on a run or an attempt lasts unless it is renewed. The work of a killed worker waits as long
    /// before another takes it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the store is asked for due runs that no local timer knows of; a jitter of up to a half is added.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Scan { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Evaluations by rules of earlier Versions that run at once in this process. Those that call run as many at once
    /// as their file says; but while messages wait in numbers to become Logs, no more than these, all together.
    /// </summary>
    [Range(1, 1024)]
    public int Parallelism { get; set; } = 8;

    /// <summary>
    /// The largest trace, in bytes of its JSON, that an Evaluator that is called gets whole. Of a larger one, what is
    /// furthest down is left out, level by level.
    /// </summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MaxTraceBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// How deep verdicts are judged, where Evaluators are attached to Evaluators: 0 is not at all, 1 is verdicts on
    /// Logs, 2 also the verdicts on these, 3 those on these in turn.
    /// </summary>
    [Range(0, 3)]
    public int MaxDepth { get; set; } = 1;

    /// <summary>
    /// Content that comes when a trace is older than this, counted from when it was first to be judged, is judged by
    /// rules alone: none that is called is asked again. Zero: none is ever asked twice. Null: all are.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan? CallAgainWithin { get; set; }

    /// <summary>
    /// Whether Evaluators that run code or call hosts are also taken by message and API, from whoever may send one; see
    /// <see cref="RemoteCode"/>.
    /// </summary>
    public bool AllowRemoteCode { get; set; }
}
