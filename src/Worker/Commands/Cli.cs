using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Worker.Evaluation;
using Worker.Hosting;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Commands;

/// <summary>The command line: parses, runs one command, and turns what went wrong into a sentence and an exit code.</summary>
internal static class Cli
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal)
    {
        var (arguments, overrides) = WorkerConfiguration.Part(args);
        var result = Root(new CommandContext(terminal, overrides)).Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            foreach (var error in result.Errors)
                terminal.Error.WriteLine(error.Message);
            terminal.Error.WriteLine("worker --help shows the commands, worker COMMAND --help what one takes.");
            return ExitCodes.Usage;
        }

        // The host handles signals itself, and takes the time it is configured to.
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Output, Error = terminal.Error,
        };
        try
        {
            return await result.InvokeAsync(invocation);
        }
        catch (Exception exception) when (Failure(exception) is { } failure)
        {
            terminal.Error.WriteLine(failure.Sentence);
            return failure.ExitCode;
        }
    }

    private static RootCommand Root(CommandContext context)
    {
        var root = new RootCommand("Takes in the logs of LLM applications, links them to traces, and judges every finished trace.")
        {
            RunCommand.Create(context),
            DemoCommand.Create(context),
            PublishCommand.Create(context),
            TraceCommand.Create(context),
            ExplainCommand.Create(context),
            DeadLettersCommand.Create(context),
            VerifyCommand.Create(context),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new RootHelp((HelpAction)help.Action!);
        return root;
    }

    /// <summary>What a user is told of an exception; null for one that is a defect of the program.</summary>
    private static (int ExitCode, string Sentence)? Failure(Exception exception) => exception switch
    {
        ConfigurationFaultException or StoreUnusableException or EvaluatorFileException => (ExitCodes.Usage, exception.Message),
        StoreUnavailableException or ServerUnreachableException => (ExitCodes.Unreachable, exception.Message),
        OperationCanceledException => (ExitCodes.SomeFailed, "Interrupted before it was done."),
        _ => null,
    };
}
