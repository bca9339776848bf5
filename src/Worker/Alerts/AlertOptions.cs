using System.ComponentModel.DataAnnotations;

namespace Worker.Alerts;

/// <summary>Who is told when verdicts go wrong. Section <c>Alerts</c>.</summary>
internal sealed class AlertOptions
{
    public const string SectionName = "Alerts";

    /// <summary>The folder of alert files; relative to the program's own folder when not absolute.</summary>
    [Required]
    public string Files { get; set; } = "config/alerts";

    /// <summary>How often each alert is looked at, by one of the workers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(30);
}
