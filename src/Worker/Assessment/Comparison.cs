using System.Globalization;
using Worker.Evaluation;
using Worker.Traces;

namespace Worker.Assessment;

/// <summary>Two judgments each on many Logs, compared while they are read.</summary>
/// <param name="returns">What both are held to. A text can be compared with nothing.</param>
/// <param name="limit">How many differences are kept: the greatest.</param>
internal sealed class Comparison(ReturnType returns, int limit)
{
    private readonly SortedSet<Difference> _differences = [];

    public bool IsOfNumbers => returns == ReturnType.Number;

    public CategoryPairs Categories { get; } = new();

    public NumberPairs Numbers { get; } = new();

    public long Pairs => IsOfNumbers ? Numbers.Count : Categories.Count;

    /// <summary>Pairs that are not the same, kept or not.</summary>
    public long Differing { get; private set; }

    /// <summary>Judgments that are not of that type, or one too many to be a category.</summary>
    public long Unfit { get; private set; }

    public IReadOnlyCollection<Difference> Differences => _differences;

    public void Add(string logId, JsonValue one, JsonValue other)
    {
        if (Judgments.Text(returns, one) is not { } first || Judgments.Text(returns, other) is not { } second)
            Unfit++;
        else if (IsOfNumbers)
            Add(logId, Judgments.Number(first), Judgments.Number(second));
        else if (!Categories.Add(first, second))
            Unfit++;
        else if (first != second)
            Keep(new(logId, 1, first, second));
    }

    private void Add(string logId, double one, double other)
    {
        Numbers.Add(one, other);
        if (one != other)
            Keep(new(logId, Math.Abs(one - other), Text(one), Text(other)));
    }

    private static string Text(double number) => Math.Round(number, 6).ToString(CultureInfo.InvariantCulture);

    private void Keep(Difference difference)
    {
        Differing++;
        _differences.Add(difference);
        if (_differences.Count > limit)
            _differences.Remove(_differences.Max!);
    }
}
