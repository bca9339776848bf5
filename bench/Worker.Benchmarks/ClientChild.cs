using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Worker.Client;
using Worker.Contracts;

namespace Worker.Benchmarks;

/// <summary>A program that logs through Worker.Client as fast as it can, in a process of its own.</summary>
internal static class ClientChild
{
    public const string Command = "host-client";

    private const int WarmUp = 20_000;

    private static readonly ToolFunction Function = new()
    {
        Name = "look_up", Description = "Looks up an order",
        Parameters = new() { ["type"] = "object", ["properties"] = new Dictionary<string, object?>() },
    };

    /// <param name="Calling">The seconds that the calls took.</param>
    /// <param name="CallingProcessor">Of these, what their thread had of its core; null where the system does not say.</param>
    /// <param name="Sent">Until the broker had confirmed all, or all was on disk.</param>
    /// <param name="Writing">Microseconds that the JSON of a call takes.</param>
    /// <param name="Processor">Seconds of the process.</param>
    internal sealed record Measured(
        double Calling, double? CallingProcessor, double Sent, double Writing, double Processor, long Published,
        long Spooled, long Refused);

    /// <param name="isPinned">To one core, where the system has a command for that.</param>
    public static async Task<Measured> RunAsync(string broker, int calls, bool isPinned, CancellationToken cancellationToken)
    {
        string[] command = [.. WorkerChild.ThisProgram(), Command, broker, $"{calls}"];
        if (isPinned && File.Exists("/usr/bin/taskset"))
            command = ["/usr/bin/taskset", "-c", "0", .. command];
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return JsonSerializer.Deserialize<Measured>(line)!;
    }

    /// <summary>What the child does.</summary>
    public static async Task<int> HostAsync(string broker, string count)
    {
        var calls = int.Parse(count, CultureInfo.InvariantCulture);
        var spool = Directory.CreateTempSubdirectory("worker-bench-");
        await using (var client = new WorkerClient(new WorkerClientOptions
        {
            RabbitMq = broker, SpoolPath = spool.FullName, MaxSpoolBytes = 8L << 30,
            MaxMemoryMessages = Math.Max(10_000, calls + WarmUp), MaxMemoryBytes = 8L << 30,
        }))
        {
            await LogAsync(client, WarmUp);
            var (before, processor) = (client.Counts, Environment.CpuUsage.TotalTime);
            var (calling, callingProcessor, sent) = await LogAsync(client, calls);
            processor = Environment.CpuUsage.TotalTime - processor;
            var after = client.Counts;
            Console.WriteLine(JsonSerializer.Serialize(new Measured(
                calling, callingProcessor, sent, WritingOnly(), processor.TotalSeconds, after.Published - before.Published,
                after.Spooled - before.Spooled, after.Refused - before.Refused)));
        }

        spool.Delete(recursive: true);
        return 0;
    }

    private static async Task<(double Calling, double? Processor, double Sent)> LogAsync(WorkerClient client, int calls)
    {
        var (began, processor) = (Stopwatch.GetTimestamp(), ThreadSeconds());
        for (var call = 0; call < calls; call++)
            client.Log(Tool(call));
        var calling = Stopwatch.GetElapsedTime(began).TotalSeconds;
        processor = ThreadSeconds() - processor;
        while (client.Counts.InMemory > 0)
            await Task.Delay(5);
        return (calling, processor, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static double? ThreadSeconds() => File.Exists("/proc/thread-self/schedstat")
        ? long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e9
        : null;

    private static double WritingOnly()
    {
        var began = Stopwatch.GetTimestamp();
        for (var call = 0; call < WarmUp; call++)
            JsonSerializer.SerializeToUtf8Bytes(Tool(call));
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds / WarmUp;
    }

    /// <summary>About 800 bytes, as in <see cref="Payload"/>.</summary>
    private static ToolLogged Tool(int call) => new()
    {
        LogId = $"0195f3c2-1d7a-7{call % 1000:D3}-9c5e-{call:D12}", TraceParentId = "0195f3c2-1d7a-7000-9c5e-000000000000",
        Path = "support/look up", StartTime = DateTimeOffset.UnixEpoch, EndTime = DateTimeOffset.UnixEpoch,
        Inputs = new() { ["order"] = call, ["note"] = Note }, Output = """{"state":"shipped"}""",
        Tool = new() { Function = Function },
    };

    private static readonly string Note = new('x', 330);
}
