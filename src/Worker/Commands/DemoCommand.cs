using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Worker.Front;
using Worker.Hosting;
using Worker.Ingestion;
using Worker.Publishing;
using Worker.Reading;

namespace Worker.Commands;

/// <summary>
/// <c>worker demo</c>: the whole way from message to verdict, with the shipped sample and a store of its own.
/// </summary>
internal static class DemoCommand
{
    /// <summary>The demo shows the embedded worker on the durable inbox, whatever else is configured.</summary>
    private static readonly string[] Unchangeable =
        ["--Mode=embedded", "--ConnectionStrings:RabbitMq=", "--ConnectionStrings:RabbitMq_FILE="];

    /// <summary>
    /// A MongoDB of the environment is somebody's store: the demo writes only to one that is named on its command line.
    /// </summary>
    private static readonly string[] NoServer = ["--ConnectionStrings:MongoDb=", "--ConnectionStrings:MongoDb_FILE="];

    private static readonly string[] WithViewer = ["--Front:Enabled=true", "--Front:Viewer=true"];

    public static Command Create(CommandContext context)
    {
        var json = CommandContext.JsonOption(
            "Print only the Flow Log, as one JSON object in the shape of the Update Flow Log response.");
        var open = new Option<bool>("--open")
        {
            Description = "Then open the trace in a browser, and keep the demo's store up until Ctrl+C.",
        };
        var command = new Command(
            "demo",
            "Replay the shipped sample of real SDK traffic, judge it, and show its trace. " +
            "Uses a temporary store unless Storage:Path is given.") { json, open };
        command.SetAction((result, cancellationToken) =>
            RunAsync(context, result.GetValue(json), result.GetValue(open), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, bool json, bool open, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("worker-demo-");
        string[] overrides = [.. NoServer, .. context.Overrides, .. Unchangeable];
        try
        {
            using var host = open
                ? WorkerHost.BuildService([.. overrides, .. WithViewer], Preferred(folder.FullName))
                : WorkerHost.Build(overrides, Preferred(folder.FullName));
            return await RunAsync(context, host, json, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string?> Preferred(string folder) => new()
    {
        ["Storage:Path"] = folder,
        ["Logging:LogLevel:Default"] = "Warning",

        // Beside a worker that runs: a free port.
        [FrontAddress.Key] = "http://127.0.0.1:0",
    };

    private static async Task<int> RunAsync(
        CommandContext context, IHost host, bool json, CancellationToken cancellationToken)
    {
        var services = host.Services;
        using var hold = await services.HoldStoreAsync(cancellationToken);
        var time = services.GetRequiredService<TimeProvider>();
        var start = time.GetTimestamp();
        var sample = Path.Combine(AppContext.BaseDirectory, "config", "samples", "support-agent.jsonl");
        var publisher = services.GetRequiredService<MessagePublisher>();
        await using var file = File.OpenRead(sample);
        var counts = await publisher.PublishAsync(
            new MessageFile(
                file, services.GetRequiredService<IOptions<IngestionOptions>>().Value.MaxMessageBytes, time),
            context.Terminal.Error.WriteLine,
            _ => { },
            cancellationToken);

        await host.StartAsync(cancellationToken);
        var replay = new SampleWait(services, sample);
        var unfinished = await replay.WaitAsync(cancellationToken);
        var isOpen = FrontAddress.IsIn(services);
        if (!isOpen)
            await host.StopAsync(cancellationToken);
        await services.ThrowIfServiceFailedAsync();
        if (unfinished is not null)
            return context.Fail(ExitCodes.SomeFailed, unfinished);

        if (!json)
        {
            context.Terminal.Error.WriteLine(
                $"{counts.Published} messages through the inbox, every finished trace judged, " +
                $"in {Durations.Words(time.GetElapsedTime(start))}:");
        }

        var shown = await ShowAsync(context, services, replay, json, cancellationToken);
        if (isOpen)
            await OpenAsync(context, host, replay.OuterFlow, cancellationToken);
        return shown;
    }

    private static async Task<int> ShowAsync(
        CommandContext context,
        IServiceProvider services,
        SampleWait replay,
        bool json,
        CancellationToken cancellationToken)
    {
        var reader = services.GetRequiredService<TraceReader>();
        var shown = await TraceCommand.ShowAsync(
            context, reader, replay.OuterFlow, json, revisions: false, cancellationToken);
        if (json || replay.JudgedFromOutside is not { } judged)
            return shown;

        context.Terminal.Error.WriteLine("And what was judged from outside, too:");
        var outside = await TraceCommand.ShowAsync(context, reader, judged, json, revisions: false, cancellationToken);
        return Math.Max(shown, outside);
    }

    /// <summary>Shows the trace in a browser, and returns when the user has asked for the end.</summary>
    private static async Task OpenAsync(
        CommandContext context, IHost host, string logId, CancellationToken cancellationToken)
    {
        var page = $"{FrontAddress.Of(host.Services)}/trace?id={Uri.EscapeDataString(logId)}";
        context.Terminal.Error.WriteLine($"To look at: {page} (until Ctrl+C)");
        if (context.Terminal.ErrorIsTerminal)
            OpenBrowser(page);
        await host.WaitForShutdownAsync(cancellationToken);
    }

    private static void OpenBrowser(string page)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(page) { UseShellExecute = true });
        }
        catch (Win32Exception)
        {
            // There is no browser here, and the address has been said.
        }
    }
}
