using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Spectre.Console;
using Worker.Hosting;
using Worker.Ingestion;
using Worker.Publishing;

namespace Worker.Commands;

/// <summary><c>worker publish FILE|-</c>: JSON Lines to RabbitMQ, or to the inbox.</summary>
internal static class PublishCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A file of JSON Lines, each {\"type\":\"tool.logged\", …fields}; - for standard input.",
        };
        var json = CommandContext.JsonOption("Print the counts and the rate as one JSON object.");
        var command = new Command(
            "publish", "Publish messages to RabbitMQ (when ConnectionStrings:RabbitMq is set), else to the inbox.")
        {
            file, json,
        };
        command.SetAction((result, cancellationToken) =>
            RunAsync(context, result.GetRequiredValue(file), result.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, string path, bool json, CancellationToken cancellationToken)
    {
        if (path != "-" && !File.Exists(path))
            return context.Fail(
                ExitCodes.Usage, $"There is no file {path}; name a file of JSON Lines, or - for standard input.");

        using var host = WorkerHost.Build(context.Overrides);
        var services = host.Services;
        await using var stream = path == "-" ? context.Terminal.Input : File.OpenRead(path);
        var time = services.GetRequiredService<TimeProvider>();
        var messages = new MessageFile(
            stream, services.GetRequiredService<IOptions<IngestionOptions>>().Value.MaxMessageBytes, time);
        return await PublishAsync(
            context.Terminal, services.GetRequiredService<MessagePublisher>(), messages, time, json, cancellationToken);
    }

    public static async Task<int> PublishAsync(
        Terminal terminal,
        MessagePublisher publisher,
        MessageFile file,
        TimeProvider time,
        bool json,
        CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var counts = new PublishCounts(0, 0);
        try
        {
            await ShowingProgressAsync(terminal, show => publisher.PublishAsync(
                file,
                terminal.Error.WriteLine,
                now =>
                {
                    counts = now;
                    show(now);
                },
                cancellationToken));
        }
        catch when (counts is { Published: 0, BadLines: 0 })
        {
            // There is nothing to say but what went wrong.
            throw;
        }
        catch
        {
            Report(terminal, publisher.Destination, counts, time.GetElapsedTime(start), json);
            throw;
        }

        Report(terminal, publisher.Destination, counts, time.GetElapsedTime(start), json);
        return counts.BadLines == 0 ? ExitCodes.Done : ExitCodes.SomeFailed;
    }

    private static async Task ShowingProgressAsync(Terminal terminal, Func<Action<PublishCounts>, Task> work)
    {
        if (!terminal.ErrorIsTerminal)
        {
            await work(_ => { });
            return;
        }

        await terminal.AnsiError.Status().StartAsync(
            "Publishing",
            status => work(counts => status.Status(string.Create(
                CultureInfo.InvariantCulture, $"Publishing: {counts.Published:N0} sent"))));
    }

    private static void Report(Terminal terminal, string destination, PublishCounts counts, TimeSpan elapsed, bool json)
    {
        var rate = counts.Published / Math.Max(elapsed.TotalSeconds, 0.001);
        var inWords =
            $"Published {Counted.Phrase(counts.Published, "message")} to {destination} " +
            $"in {Durations.Words(elapsed)} ({rate.ToString("N0", CultureInfo.InvariantCulture)}/s); " +
            $"{Counted.Phrase(counts.BadLines, "bad line")}.";
        if (!json)
        {
            terminal.Error.WriteLine(inWords);
            return;
        }

        terminal.Output.WriteLine(JsonSerializer.Serialize(
            new
            {
                published = counts.Published,
                bad_lines = counts.BadLines,
                seconds = elapsed.TotalSeconds,
                per_second = rate,
                destination,
            }));
    }
}
