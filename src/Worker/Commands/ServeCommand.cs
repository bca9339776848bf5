using System.CommandLine;
using Worker.Hosting;

namespace Worker.Commands;

/// <summary><c>worker serve</c>: the front alone, so that fronts and workers scale apart.</summary>
internal static class ServeCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command(
            "serve",
            "Run the HTTP front alone until it is told to stop: it takes logs for RabbitMQ or the inbox, " +
            "and shows what is stored.");
        command.SetAction((_, cancellationToken) => RunAsync(context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.BuildFront(context.Overrides);
        await host.Services.PrepareFileAsync(cancellationToken);
        await context.SayWhereItListensAsync(host, cancellationToken);
        foreach (var line in StartNotice.FrontLines(host.Services))
            context.Terminal.Error.WriteLine(line);
        await host.RunUntilStoppedAsync(cancellationToken);
        return ExitCodes.Done;
    }
}
