using Worker.Evaluation;
using Worker.Traces;

namespace Worker.Assessment;

/// <summary>How judgments of one type are spread. What is kept does not grow with them.</summary>
internal sealed class Spread(ReturnType returns)
{
    /// <summary>Counts what found no room.</summary>
    public const string Others = "(others)";

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private double _squares;

    public bool IsOfNumbers => returns == ReturnType.Number;

    public long Count { get; private set; }

    /// <summary>How often each was given; empty of numbers, and of texts, which are all different.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public double Mean { get; private set; }

    public double Deviation => Math.Sqrt(_squares / Count);

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    public void Add(JsonValue judgment)
    {
        Count++;
        if (Judgments.Text(returns, judgment) is not { } text)
            return;
        if (IsOfNumbers)
            Add(Judgments.Number(text));
        else
            Add(_counts.ContainsKey(text) || _counts.Count < CategoryPairs.MostCategories ? text : Others);
    }

    private void Add(string text) => _counts[text] = _counts.GetValueOrDefault(text) + 1;

    private void Add(double number)
    {
        var from = number - Mean;
        Mean += from / Count;
        _squares += from * (number - Mean);
        Min = Math.Min(Min, number);
        Max = Math.Max(Max, number);
    }
}
