using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Worker.IntegrationTests.Support;

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

    /// <summary>A file of the integration tests' own sources, e.g. a producer's script.</summary>
    public static string Source(params string[] parts) =>
        Path.Combine([Repository, "tests", "Worker.IntegrationTests", .. parts]);

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

    /// <summary>Node, which finds the client of the service that is gone; the test is skipped where it does not.</summary>
    public static async Task<string> NodeWithHumanloopAsync()
    {
        var node = await FindAsync(
            ["node"],
            "-e",
            $"require.resolve('humanloop', {{ paths: [{JsonValue.Create(Sample("node")).ToJsonString()}] }})");
        Assert.SkipWhen(
            node is null, "Needs node with humanloop: ./test.sh installs it, else npm install --prefix samples/node.");
        return node!;
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
