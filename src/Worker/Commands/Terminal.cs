using System.Text;
using Spectre.Console;

namespace Worker.Commands;

/// <summary>
/// Where a command reads and writes: data on <see cref="Output"/>, progress and notices on <see cref="Error"/>.
/// </summary>
internal sealed class Terminal
{
    public Terminal(Stream input, Stream output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal)
    {
        Input = input;
        OutputStream = output;
        Error = error;
        ErrorIsTerminal = errorIsTerminal;
        Output = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true };
        Ansi = Create(Output, outputIsTerminal);
        AnsiError = Create(error, errorIsTerminal);
    }

    public Stream Input { get; }

    public Stream OutputStream { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>Output with colours, where a terminal shows them.</summary>
    public IAnsiConsole Ansi { get; }

    public IAnsiConsole AnsiError { get; }

    public static Terminal OfProcess()
    {
        Console.OutputEncoding = Encoding.UTF8;
        return new(
            Console.OpenStandardInput(),
            Console.OpenStandardOutput(),
            Console.Error,
            !Console.IsOutputRedirected,
            !Console.IsErrorRedirected);
    }

    /// <summary>Writes a table as wide as it needs, without the spaces that only a frame would want.</summary>
    public void Write(Table table)
    {
        using var text = new StringWriter();
        var console = Create(text, isTerminal: false);
        console.Profile.Width = Math.Max(Ansi.Profile.Width, 80);
        console.Write(table);
        foreach (var line in text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0))
            Output.WriteLine(line);
    }

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        var coloured = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = coloured ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = coloured ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Capabilities.Unicode = true;
        if (!isTerminal)
            console.Profile.Width = 240;
        return console;
    }
}
