using System.ComponentModel.DataAnnotations;

namespace Worker.Front;

/// <summary>The HTTP front. Section <c>Front</c>.</summary>
internal sealed class FrontOptions
{
    public const string SectionName = "Front";

    /// <summary>Whether <c>worker run</c> has it; <c>worker serve</c> is nothing else.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Where it listens: <c>http://</c>, an address or name of this machine's loopback, and a port; 0 takes one that is
    /// free.
    /// </summary>
    [Required]
    public string Address { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// Where it listens for whoever watches the worker without a key: <c>/health/…</c> and <c>/metrics</c>, and nothing
    /// else. As <see cref="Address"/>; other machines may reach it. Empty is nowhere.
    /// </summary>
    public string HealthAddress { get; set; } = "";

    /// <summary>Whether it shows people a page of what is stored, at <c>/</c>.</summary>
    public bool Viewer { get; set; } = true;

    /// <summary>Whether it has <c>/mcp</c>, by which programs that speak the Model Context Protocol read.</summary>
    public bool Mcp { get; set; }

    /// <summary>Whether it has <c>/metrics</c>, for Prometheus.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// How long reading a Log waits for what was written of it at this front, where the request does not say; for
    /// clients that read what they have just logged. 0 does not wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan ReadWait { get; set; }

    /// <summary>Prompts that are called at once; who asks for one more is told to come again. 0 calls none.</summary>
    [Range(0, 1_000)]
    public int Calls { get; set; } = 16;

    /// <summary>
    /// How long a provider of models may take for an answer, or for each next piece of a streamed one; all of a stream
    /// may take ten times as long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
