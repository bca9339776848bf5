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
        using var hold = await host.Services.HoldStoreAsync(cancellationToken);
        await context.SayWhereItListensAsync(host, cancellationToken);
        foreach (var line in StartNotice.Lines(host.Services))
            context.Terminal.Error.WriteLine(line);
        await host.RunUntilStoppedAsync(cancellationToken);
        return ExitCodes.Done;
    }
}
