using System.Globalization;
using Worker.Commands;
using Worker.Hosting;

SharedBuffers.Widen();

// ICU is there to normalise paths; what is read and written is the same wherever it runs.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (OwnProcess.Run(args) is { } exitCode)
    return exitCode;
var terminal = Terminal.OfProcess();
AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => Environment.Exit(
    Cli.Crash(args, terminal, unhandled.ExceptionObject));
using var interruption = new Interruption();
return await Cli.RunAsync(args, terminal, interruption.Token);
