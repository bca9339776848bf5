using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Worker.Hosting;

namespace Worker.Commands;

/// <summary>The standard help; for the program as a whole also its exit codes and configuration keys.</summary>
internal sealed class RootHelp(HelpAction standard) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = standard.Invoke(parseResult);
        if (parseResult.CommandResult.Command is RootCommand)
            Write(parseResult.InvocationConfiguration.Output);
        return exitCode;
    }

    private static void Write(TextWriter output)
    {
        output.WriteLine("Exit codes:");
        output.WriteLine("  0  done");
        output.WriteLine("  1  some items failed, or verify found faults, or the program has a fault of its own");
        output.WriteLine("  2  usage or configuration");
        output.WriteLine("  3  a server or store cannot be reached, or does not work as it should");
        output.WriteLine("  4  not found");
        output.WriteLine("  5  migrate --check: steps are due");
        output.WriteLine(" 70  run was ended by its watchdog: start it again");
        output.WriteLine();
        output.WriteLine(
            "Configuration (config/appsettings.json; else the environment, Traces__Settle=…; " +
            "else here, --Traces:Settle …):");
        var width = Settings.All.Max(setting => setting.Key.Length);
        foreach (var setting in Settings.All)
        {
            var standsAt = setting.DefaultText.Length == 0 ? "not set" : setting.DefaultText;
            output.WriteLine($"  {setting.Key.PadRight(width)}  {standsAt} ({setting.Accepts})");
        }

        output.WriteLine();
    }
}
