using System.CommandLine;
using Microsoft.Extensions.Options;
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

    public static Command Create(CommandContext context)
    {
        var json = CommandContext.JsonOption(
            "Print only the Flow Log, as one JSON object in the shape of the Update Flow Log response.");
        var command = new Command(
            "demo",
            "Replay the shipped sample of real SDK traffic, judge it, and show its trace. " +
            "Uses a temporary store unless Storage:Path is given.") { json };
        command.SetAction((result, cancellationToken) => RunAsync(context, result.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool json, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("worker-demo-");
        try
        {
            using var host = WorkerHost.Build(
                [.. NoServer, .. context.Overrides, .. Unchangeable], Preferred(folder.FullName));
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

        var reader = services.GetRequiredService<TraceReader>();
        var shown = await TraceCommand.ShowAsync(
            context, reader, replay.OuterFlow, json, revisions: false, cancellationToken);
        if (json || replay.JudgedFromOutside is not { } judged)
            return shown;

        context.Terminal.Error.WriteLine("And what was judged from outside, too:");
        var outside = await TraceCommand.ShowAsync(context, reader, judged, json, revisions: false, cancellationToken);
        return Math.Max(shown, outside);
    }
}
