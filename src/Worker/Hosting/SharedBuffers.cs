using System.Globalization;

namespace Worker.Hosting;

/// <summary>
/// How many buffers of one size the process keeps to be used again. RabbitMQ.Client borrows one for each message, and
/// hands over messages by the hundred: of the 32 that .NET keeps for each processor most would be made anew. No more
/// are kept than were in use at once, and .NET lets go of them when they have not been used for a while.
/// </summary>
internal static class SharedBuffers
{
    /// <summary>Of one size, by all processors together.</summary>
    private const int Kept = 8192;

    private const string Variable = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";

    /// <summary>
    /// Before anything else: .NET looks at it once, when the first buffer is borrowed, and only in the environment.
    /// What that says already stays.
    /// </summary>
    public static void Widen()
    {
        var kept = Math.Max(32, Kept / Environment.ProcessorCount);
        if (Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, kept.ToString(CultureInfo.InvariantCulture));
    }
}
