using System.Diagnostics;
using Worker.Front;
using Worker.Hosting;

namespace Worker.Benchmarks;

/// <summary>The front in a process of its own, built exactly as <c>worker serve</c> builds it.</summary>
internal sealed class FrontChild : IAsyncDisposable
{
    public const string Command = "host-front";

    private readonly Process _process;

    private FrontChild(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public long ResidentBytes => Refreshed().WorkingSet64;

    public TimeSpan CpuTime => Refreshed().TotalProcessorTime;

    public static async Task<FrontChild> StartAsync(TemporaryStore store, CancellationToken cancellationToken)
    {
        string[] command = [.. WorkerChild.ThisProgram(), Command];
        var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        info.Environment["ConnectionStrings__RabbitMq"] = Broker.Uri;
        info.Environment["Front__Address"] = "http://127.0.0.1:0";
        foreach (var (key, value) in store.Settings)
            info.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(info)!;
        var address = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return address is null
            ? throw new InvalidOperationException("The measured front did not start.")
            : new(process, new Uri(address));
    }

    /// <summary>What the child does, until its input ends.</summary>
    public static async Task<int> HostAsync()
    {
        using var host = WorkerHost.BuildFront(["--Logging:LogLevel:Default=Warning"]);
        await host.Services.PrepareFileAsync(CancellationToken.None);
        await host.StartAsync();
        Console.WriteLine(FrontAddress.Of(host.Services));
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }
}
