namespace Worker.Audit;

/// <summary>Who acts, and from where.</summary>
/// <param name="Name">A key's name, a user of the operating system at a host, or <c>worker</c>.</param>
/// <param name="KeyId">Of the key, where it is one.</param>
/// <param name="Origin">The command line, <c>http</c> or <c>viewer</c> with the peer's address, or the worker.</param>
internal sealed record AuditActor(string Name, string? KeyId, string Origin)
{
    /// <summary>Whoever the operating system says runs this process.</summary>
    public static AuditActor OfCommandLine =>
        new($"{Environment.UserName}@{Environment.MachineName}", KeyId: null, "command line");

    /// <summary>The worker by itself.</summary>
    public static AuditActor Worker =>
        new("worker", KeyId: null, $"{Environment.MachineName}, process {Environment.ProcessId}");
}
