using System.ComponentModel.DataAnnotations;
using Worker.Runs;

namespace Worker.Evaluation;

/// <summary>When a trace is finished, and what happens afterwards. Section <c>Traces</c>.</summary>
internal sealed class TraceOptions
{
    public const string SectionName = "Traces";

    /// <summary>
    /// How long a finished trace is left alone before it is judged, counted from the last change; doubles with each
    /// revision, to 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Settle { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Content after judgement: <c>rejudge</c> or <c>ignore</c>.</summary>
    public LatePolicy Late { get; set; } = LatePolicy.Rejudge;

    /// <summary>A trace that nobody marks complete is judged after this long without a change. Off when null.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan? Quiet { get; set; }

    /// <summary>A trace that nobody marks complete is judged at this age. Off when null.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan? MaxAge { get; set; }

    internal WakeTimers Timers => new(Settle, Quiet, MaxAge);
}
