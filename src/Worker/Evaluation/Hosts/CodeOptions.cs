using System.ComponentModel.DataAnnotations;

namespace Worker.Evaluation.Hosts;

/// <summary>How the code of Evaluators of one language is run.</summary>
internal abstract class CodeOptions
{
    /// <summary>Where the system cannot give the fence, the Evaluators are paused and say what is missing.</summary>
    public CodeFence Fence { get; set; } = CodeFence.Strict;

    /// <summary>The fence as the configuration and the hosts spell it.</summary>
    public string FenceName => Fence.ToString().ToLowerInvariant();

    /// <summary>Calls that run at once. Each has a process of its own, started when it is first wanted.</summary>
    [Range(1, 64)]
    public int Hosts { get; set; } = 2;

    /// <summary>How long a call may take, unless its Evaluator says otherwise; then it is ended.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What a call may take, its Log included.</summary>
    [Range(16, 65536)]
    public int MemoryMiB { get; set; } = 256;

    /// <summary>What a call may print; it is ended where it prints more.</summary>
    [Range(0, 16777216)]
    public int OutputBytes { get; set; } = 65536;

    /// <summary>How large the judgment may be, its reason included.</summary>
    [Range(16384, 16777216)]
    public int ResultBytes { get; set; } = 65536;
}
