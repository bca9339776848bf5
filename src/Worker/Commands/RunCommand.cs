using System.CommandLine;
using Worker.Hosting;

namespace Worker.Commands;

/// <summary><c>worker run</c>: the service.</summary>
internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("run", "Run the service until it is told to stop (SIGTERM, Ctrl+C).");
        command.SetAction((_, cancellationToken) => RunAsync(context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.BuildService(context.Overrides);
        await host.UntilStoppedAsync(stop => RunAsync(context, host, stop), cancellationToken);
        return ExitCodes.Done;
    }

    private static async Task RunAsync(CommandContext context, IHost host, CancellationToken stop)
    {
        using var hold = await host.Services.HoldStoreAsync(stop);
        await context.SayWhereItListensAsync(host, stop);
        foreach (var line in StartNotice.Lines(host.Services))
            context.Terminal.Error.WriteLine(line);
        await host.RunUntilStoppedAsync(stop);
    }
}
