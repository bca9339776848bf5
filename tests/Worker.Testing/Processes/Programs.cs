using System.Diagnostics;

namespace Worker.Testing.Processes;

/// <summary>Other programs: found, run to their end, heard.</summary>
internal static class Programs
{
    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path
        ? path
        : "dotnet";

    /// <summary>The worker as it was built beside the tests.</summary>
    public static string Worker => Path.Combine(AppContext.BaseDirectory, "worker.dll");

    /// <summary>A file or folder of <c>samples</c>.</summary>
    public static string Sample(params string[] parts) => Path.Combine([Repository, "samples", .. parts]);

    /// <summary>
    /// The first of <paramref name="candidates"/> that runs those arguments with success; null when none does.
    /// </summary>
    public static async Task<string?> FindAsync(IEnumerable<string> candidates, params string[] arguments)
    {
        foreach (var candidate in candidates)
        {
            try
            {
                if ((await RunAsync(candidate, arguments)).ExitCode == 0)
                    return candidate;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not installed under that name.
            }
        }

        return null;
    }

    public static async Task<ProgramResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? limit = null)
    {
        using var process = new Process { StartInfo = Info(program, arguments, environment) };
        process.Start();
        process.StandardInput.Close();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(limit ?? TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new ProgramResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in time.");
        }
    }

    public static ProcessStartInfo Info(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        return info;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Worker.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException(
                $"No Worker.sln above {AppContext.BaseDirectory}.");
        return folder.FullName;
    }
}
