using System.Globalization;
using Worker.Commands;

// ICU is there to normalise paths; what is read and written is the same wherever it runs.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await Cli.RunAsync(args, Terminal.OfProcess());
