using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Worker.Benchmarks;

/// <summary>Prints what was measured, each figure as soon as it is known; as JSON all at once, at the end.</summary>
internal sealed class Report(string benchmark, bool json)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Dictionary<string, string> _settings = [];
    private readonly List<Figure> _figures = [];
    private readonly List<string> _faults = [];

    public void State(string name, FormattableString value)
    {
        _settings[name] = value.ToString(CultureInfo.InvariantCulture);
        Print($"{name,-10} {_settings[name]}");
    }

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        var bound = (figure.Floor, figure.Ceiling) switch
        {
            ({ } floor, _) => string.Create(
                CultureInfo.InvariantCulture, $"   floor {floor:#,0.##}{(figure.IsMissed ? "  MISSED" : "")}"),
            (_, { } ceiling) => string.Create(
                CultureInfo.InvariantCulture, $"   at most {ceiling:#,0.##}{(figure.IsMissed ? "  MISSED" : "")}"),
            _ => "",
        };
        Print(string.Create(CultureInfo.InvariantCulture, $"{figure.Name,-34} {figure.Value,12:#,0.##} {figure.Unit}{bound}"));
    }

    /// <summary>What is not as it has to be, as a sentence.</summary>
    public void Fault(string sentence)
    {
        _faults.Add(sentence);
        Print($"FAULT: {sentence}");
    }

    /// <summary>What is going on meanwhile.</summary>
    public static void Progress(FormattableString text) =>
        Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>The exit code: 1 when a figure missed its bound, or something is at fault.</summary>
    public int Finish()
    {
        if (json)
            Console.WriteLine(
                JsonSerializer.Serialize(new { benchmark, stated = _settings, figures = _figures, faults = _faults }, Indented));
        return _faults.Count > 0 || _figures.Any(figure => figure.IsMissed) ? 1 : 0;
    }

    private void Print(string line)
    {
        if (!json)
            Console.WriteLine(line);
    }
}
