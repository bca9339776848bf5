using Worker.Storage;

namespace Worker.Diagnostics;

/// <summary>This process among those that share the store.</summary>
/// <param name="Role">The command that it runs.</param>
internal sealed record ThisWorker(string Role, DateTimeOffset StartedAt)
{
    /// <summary>The program's, e.g. <c>1.2.3</c>.</summary>
    public static readonly string Version = typeof(ThisWorker).Assembly.GetName().Version!.ToString(3);

    public string Id { get; } = Guid.NewGuid().ToString("n");

    /// <summary>How it is written down when it is seen at that moment.</summary>
    public SeenWorker At(DateTimeOffset now) => new()
    {
        Id = Id,
        Host = Environment.MachineName,
        ProcessId = Environment.ProcessId,
        Version = Version,
        Role = Role,
        StartedAt = StartedAt,
        SeenAt = now,
    };
}
