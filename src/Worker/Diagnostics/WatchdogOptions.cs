using System.ComponentModel.DataAnnotations;

namespace Worker.Diagnostics;

/// <summary>What is taken for a stall, and whether one ends the process. Section <c>Watchdog</c>.</summary>
internal sealed class WatchdogOptions
{
    public const string SectionName = "Watchdog";

    /// <summary>
    /// Whether a bus or consumer that is stuck while its servers answer ends the process. Stalls are told in any case.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How long a thing may stand still before that is a stall; the process ends when one has lasted as long again.
    /// Under a minute and a half, what only reconnects, or writes to a slow store, is taken for a stall.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan After { get; set; } = TimeSpan.FromMinutes(2);
}
