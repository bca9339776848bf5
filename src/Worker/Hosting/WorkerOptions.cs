using System.ComponentModel.DataAnnotations;

namespace Worker.Hosting;

/// <summary>The worker as a whole. Keys without a section.</summary>
internal sealed class WorkerOptions
{
    public const string SectionName = "";

    /// <summary><c>embedded</c> or <c>server</c>.</summary>
    public WorkerMode Mode { get; set; } = WorkerMode.Embedded;

    /// <summary>
    /// How long a stopping worker may take to finish what it holds; what is left then is delivered again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
