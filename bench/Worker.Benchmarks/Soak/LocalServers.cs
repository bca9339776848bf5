using System.Diagnostics;

namespace Worker.Benchmarks.Soak;

/// <summary>The servers that <c>eng/servers.sh</c> started, in the folder that WORKER_SERVERS names.</summary>
internal static class LocalServers
{
    /// <summary>Whether that address is of that server of the script's, which may then be restarted.</summary>
    public static async Task<bool> HasAsync(string kind, string address, CancellationToken cancellationToken)
    {
        var exports = await RunAsync([kind, "env"], cancellationToken);
        return exports?.Split('\n').Any(line =>
            line.Split('=', 2) is [_, { Length: > 0 } theirs]
            && address.StartsWith(theirs.TrimEnd('/'), StringComparison.Ordinal)) == true;
    }

    /// <summary>Stops and starts again with the same ports and data; returns when it answers.</summary>
    public static async Task RestartAsync(string kind, CancellationToken cancellationToken)
    {
        if (await RunAsync([kind, "restart"], cancellationToken) is null)
            throw new InvalidOperationException($"eng/servers.sh {kind} restart failed; see above.");
    }

    /// <summary>What it printed; null when it failed, or is not there.</summary>
    private static async Task<string?> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        if (Script() is not { } script)
            return null;
        var info = new ProcessStartInfo("bash", [script, .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(info)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : null;
    }

    private static string? Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "eng", "servers.sh") is var script && File.Exists(script))
                return script;
        }

        return null;
    }
}
