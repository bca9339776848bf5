using System.Globalization;

namespace Worker.Reading;

/// <summary>Numbers that a query asks for: <c>&gt;2</c>, <c>&gt;=2</c>, <c>&lt;2</c>, <c>1..5</c>, or one.</summary>
internal sealed record QueryRange(Predicate<double> Includes)
{
    /// <summary>Null when it is none.</summary>
    /// <param name="read">Reads one number; null when it is none.</param>
    public static QueryRange? Parse(string text, Func<string, double?> read)
    {
        if (text.Split("..", 2) is [var from, var to])
            return read(from) is { } low && read(to) is { } high ? new(value => value >= low && value <= high) : null;
        var (compare, rest) = text switch
        {
            ['>', '=', ..] => ((Func<double, double, bool>)((value, bound) => value >= bound), text[2..]),
            ['<', '=', ..] => ((value, bound) => value <= bound, text[2..]),
            ['>', ..] => ((value, bound) => value > bound, text[1..]),
            ['<', ..] => ((value, bound) => value < bound, text[1..]),
            _ => ((value, bound) => value.Equals(bound), text),
        };
        return read(rest) is { } bound ? new(value => compare(value, bound)) : null;
    }

    /// <summary>False where there is no number.</summary>
    public bool Holds(double? value) => value is { } number && Includes(number);

    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
