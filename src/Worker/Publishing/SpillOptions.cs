using System.ComponentModel.DataAnnotations;

namespace Worker.Publishing;

/// <summary>
/// What the front keeps in the local inbox while the broker does not take it. Section <c>Spill</c>.
/// </summary>
internal sealed class SpillOptions
{
    public const string SectionName = "Spill";

    /// <summary>
    /// What is kept at most, in bytes; above it requests are answered 503. 0 keeps nothing: whatever the broker does
    /// not take is answered 503. Else at least <c>Ingestion:MaxMessageBytes</c>.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How old the oldest may become before requests are answered 503, so that somebody looks.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(1);
}
