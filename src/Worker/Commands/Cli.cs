using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Worker.Hosting;

namespace Worker.Commands;

/// <summary>
/// The command line: parses, runs one command, and turns what went wrong into a sentence and an exit code.
/// </summary>
internal static class Cli
{
    private const string Program = "worker";

    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Of a fault, show the stack trace, too. Logging:LogLevel:Default=Debug does the same.",
        Recursive = true,
    };

    /// <param name="args">As the user gave them.</param>
    /// <param name="terminal">Where the command reads and writes.</param>
    /// <param name="interrupted">Fires when the user asks for the end, and only then.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, Terminal terminal, CancellationToken interrupted = default)
    {
        var (arguments, overrides) = WorkerConfiguration.Part(args);
        var command = Program;
        try
        {
            var result = Root(new CommandContext(terminal, overrides)).Parse(arguments);
            command = Name(result.CommandResult);
            if (result.Action is ParseErrorAction)
                return Misunderstood(result, overrides, terminal);
            if (result.GetValue(Verbose))
                overrides.Add(WorkerConfiguration.VerboseOverride);

            // No time-out beside the commands' own: "run" takes as long to stop as is configured.
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Output,
                Error = terminal.Error,
            };
            return await result.InvokeAsync(invocation, interrupted);
        }
        catch (Exception exception)
        {
            var fault = Faults.Describe(exception, command, interrupted.IsCancellationRequested);
            return Tell(terminal, exception, fault, overrides);
        }
    }

    /// <summary>
    /// Tells of an exception that ended a thread which no command waits for, and with it the program.
    /// </summary>
    public static int Crash(IReadOnlyList<string> args, Terminal terminal, object thrown)
    {
        var (arguments, overrides) = WorkerConfiguration.Part(args);
        if (arguments.Contains(Verbose.Name))
            overrides.Add(WorkerConfiguration.VerboseOverride);
        var exception = thrown as Exception ?? new InvalidOperationException($"{thrown} was thrown.");
        return Tell(
            terminal,
            exception,
            Faults.Describe(exception, Program, isInterrupted: false) with { ExitCode = ExitCodes.SomeFailed },
            overrides);
    }

    private static int Misunderstood(ParseResult result, IReadOnlyList<string> overrides, Terminal terminal)
    {
        var secrets = Secrets.From(WorkerConfiguration.ReadAsFarAsPossible(overrides));
        foreach (var error in result.Errors)
            terminal.Error.WriteLine(secrets.Hide(error.Message));
        terminal.Error.WriteLine("worker --help shows the commands, worker COMMAND --help what one accepts.");
        return ExitCodes.Usage;
    }

    private static int Tell(Terminal terminal, Exception exception, Fault fault, IReadOnlyList<string> overrides)
    {
        var configuration = WorkerConfiguration.ReadAsFarAsPossible(overrides);
        var secrets = Secrets.From(configuration);
        try
        {
            terminal.Error.WriteLine(secrets.Hide(fault.Sentence));
            if (configuration.ShowsTraces())
                terminal.Error.WriteLine(secrets.Hide(exception.ToString()));
        }
        catch (Exception unsaid) when (unsaid is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // There is nowhere left to say it; the exit code does.
        }

        return fault.ExitCode;
    }

    private static RootCommand Root(CommandContext context)
    {
        var root = new RootCommand(
            "Takes in the logs of LLM applications, links them to traces, and judges every finished trace.")
        {
            RunCommand.Create(context),
            ServeCommand.Create(context),
            DemoCommand.Create(context),
            PublishCommand.Create(context),
            TraceCommand.Create(context),
            LogsCommand.Create(context),
            ExplainCommand.Create(context),
            DeadLettersCommand.Create(context),
            VerifyCommand.Create(context),
            MigrateCommand.Create(context),
            BackupCommand.Create(context),
            BackupCommand.CreateRestore(context),
            RetentionCommand.Create(context),
            PinCommand.Create(context),
            PinCommand.CreateUnpin(context),
            DeleteCommand.Create(context),
            HealthCommand.Create(context),
            EvaluatorsCommand.Create(context),
            EvaluateCommand.Create(context),
            AlertsCommand.Create(context),
            KeysCommand.Create(context),
            AuditCommand.Create(context),
            ImportCommand.Create(context),
            ExportCommand.Create(context),
            Verbose,
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new RootHelp((HelpAction)help.Action!);
        return root;
    }

    private static string Name(SymbolResult result) =>
        result is CommandResult { Parent: CommandResult parent, Command.Name: var name }
            ? $"{Name(parent)} {name}"
            : Program;
}
