using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Worker.Hosting;
using Worker.Ingestion;

namespace Worker.Benchmarks;

/// <summary>
/// The worker in a process of its own, so that CPU time, allocations and memory are the worker's: built and configured
/// exactly as <c>worker run</c> builds it, without its front, plus one task that looks at its account and ends it when
/// all is done.
/// </summary>
internal static class WorkerChild
{
    public const string Command = "host-worker";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts a child on that store and waits for its report.</summary>
    /// <param name="megabytes">
    /// All the memory that it may take, by the word of the operating system, where that is a Unix; stacks are small
    /// then, for they count whole. Null: what there is.
    /// </param>
    public static async Task<WorkerReport> RunAsync(
        TemporaryStore store, int messages, int judged, CancellationToken cancellationToken, int? megabytes = null)
    {
        string[] command = [.. ThisProgram(), Command, $"{messages}", $"{judged}"];
        if (megabytes is { } limit && !OperatingSystem.IsWindows())
            command = ["/bin/sh", "-c", $"ulimit -s 1024 && ulimit -d {limit * 1_000_000L / 1024} && exec \"$0\" \"$@\"", .. command];
        var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        if (megabytes is { } heap)
            info.Environment["DOTNET_GCHeapHardLimit"] = $"0x{heap * 1_000_000L:x}";
        info.Environment["ConnectionStrings__RabbitMq"] = Broker.Uri;
        foreach (var (key, value) in store.Settings)
            info.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(info)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<WorkerReport>(output)!
                : throw new InvalidOperationException($"The measured worker ended with code {process.ExitCode}.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>What the child does.</summary>
    public static async Task<int> HostAsync(int messages, int judged)
    {
        using var host = WorkerHost.BuildService(["--Logging:LogLevel:Default=Warning", "--Front:Enabled=false"]);
        using var hold = await host.Services.HoldStoreAsync(CancellationToken.None);
        var storeCalls = 0L;
        using var listener = CountStoreCalls(() => Interlocked.Increment(ref storeCalls));
        await host.StartAsync();
        var account = host.Services.GetRequiredService<IngestionMetrics>();

        while (account.Totals.Received == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        var (began, cpu, allocated) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());

        while (account.Totals.Settled < messages)
            await Task.Delay(Pause);
        var drained = Stopwatch.GetElapsedTime(began);
        var finished = judged == 0 ? (TimeSpan?)null : await JudgedAsync(host.Services, judged, began);

        var report = new WorkerReport
        {
            DrainSeconds = drained.TotalSeconds,
            JudgeSeconds = finished?.TotalSeconds,
            CpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
            StoreCalls = Interlocked.Read(ref storeCalls),
            AllocatedBytes = GC.GetTotalAllocatedBytes() - allocated,
            Collections = GC.CollectionCount(0),
            PeakResidentBytes = Process.GetCurrentProcess().PeakWorkingSet64,
        };
        await host.StopAsync();
        Console.WriteLine(JsonSerializer.Serialize(report));
        return 0;
    }

    private static MeterListener CountStoreCalls(Action count)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "worker.store.duration")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => count());
        listener.Start();
        return listener;
    }

    private static async Task<TimeSpan> JudgedAsync(IServiceProvider services, int judged, long began)
    {
        using var runs = new Runs(services);
        while (await runs.JudgedAsync() < judged)
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>As it was started itself: by its own name, or as <c>dotnet X.dll</c>.</summary>
    public static string[] ThisProgram() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, typeof(WorkerChild).Assembly.Location]
            : [Environment.ProcessPath!];
}
