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
        await host.UntilStoppedAsync(stop => RunAsync(context, host, stop), cancellationToken);
        return ExitCodes.Done;
    }

    private static async Task RunAsync(CommandContext context, IHost host, CancellationToken stop)
    {
        await host.Services.PrepareFileAsync(stop);
        await context.SayWhereItListensAsync(host, stop);
        foreach (var line in StartNotice.FrontLines(host.Services))
            context.Terminal.Error.WriteLine(line);
        await host.RunUntilStoppedAsync(stop);
    }
}
