using System.Diagnostics;
using System.IO.Compression;
using Worker.Tests.Deployment;

namespace Worker.Tests.Contracts;

/// <summary>The package as it was made beside the tests, and programs that run with what is in it.</summary>
internal static class ContractPackage
{
    public static ZipArchive Open() =>
        ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Worker.Contracts.nupkg"));

    /// <summary>
    /// What the consumer writes that was compiled for one framework, with the package's assembly for another beside it.
    /// </summary>
    public static async Task<string> RunConsumerAsync(
        string compiledFor, string assemblyFor, CancellationToken cancellationToken)
    {
        const string Consumer = "Worker.Contracts.Consumer";
        var folder = Directory.CreateTempSubdirectory("worker-consumer-");
        try
        {
            var program = Path.Combine(folder.FullName, $"{Consumer}.dll");
            File.Copy(Built(compiledFor, $"{Consumer}.dll"), program);
            File.Copy(
                Built("net8.0", $"{Consumer}.runtimeconfig.json"),
                Path.ChangeExtension(program, ".runtimeconfig.json"));
            await using (var package = Open())
                await package.GetEntry($"lib/{assemblyFor}/Worker.Contracts.dll")!.ExtractToFileAsync(
                    Path.Combine(folder.FullName, "Worker.Contracts.dll"), cancellationToken);
            return await RunAsync(program, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Built beside the tests, in the same configuration.
    private static string Built(string framework, string file)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(
            Repository.Root, "tests", "Worker.Contracts.Consumer", "bin", configuration, framework, file);
    }

    private static async Task<string> RunAsync(string program, CancellationToken cancellationToken)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        using var process = Process.Start(new ProcessStartInfo(dotnet, [program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        process.ExitCode.ShouldBe(0, await error);
        return await output;
    }
}
