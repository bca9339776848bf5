using System.Globalization;
using System.Runtime.InteropServices;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>The verdicts of one Version of an Evaluator, summed. What it holds does not grow with them.</summary>
/// <param name="versionId">Null where nobody knows which it was.</param>
internal sealed class VerdictSums(string? versionId, VerdictTime time)
{
    /// <summary>Different texts that are told apart; those after them are counted as judgments alone.</summary>
    private const int MostTexts = 20;

    /// <summary>Logs that are named, the latest.</summary>
    private const int MostNamed = 20;

    private readonly Dictionary<string, long> _texts = new(StringComparer.Ordinal);
    private readonly VerdictPart[] _parts = new VerdictPart[VerdictTime.Parts];
    private readonly List<VerdictLine> _against = [];
    private double _sum;

    public string? VersionId => versionId;

    /// <summary>Verdicts in all, those that come later by themselves left out.</summary>
    public long Count { get; private set; }

    public long True { get; private set; }

    public long False { get; private set; }

    public long Numbers { get; private set; }

    public double? Mean => Numbers == 0 ? null : _sum / Numbers;

    public double? Least { get; private set; }

    public double? Most { get; private set; }

    public long Failed { get; private set; }

    public long Abstained { get; private set; }

    /// <summary>In US dollars; null where no verdict says.</summary>
    public decimal? Cost { get; private set; }

    public long? Tokens { get; private set; }

    /// <summary>When the first of them was given, and the last.</summary>
    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Judgments that are texts, or lists of them, by how often; the most first.</summary>
    public IEnumerable<KeyValuePair<string, long>> Texts =>
        _texts.OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal);

    public IReadOnlyList<VerdictPart> Parts => _parts;

    /// <summary>The latest that failed or are false.</summary>
    public IReadOnlyList<VerdictLine> Against => _against;

    /// <summary>The latest first.</summary>
    public void Add(VerdictLine verdict)
    {
        Count++;
        First = verdict.EndTime < First ? verdict.EndTime : First;
        Last = verdict.EndTime > Last ? verdict.EndTime : Last;
        if (verdict.Cost is { } cost)
            Cost = (Cost ?? 0) + cost;
        if (verdict.Tokens is { } tokens)
            Tokens = (Tokens ?? 0) + tokens;
        ref var part = ref _parts[time.PartOf(verdict.EndTime)];
        part.Count++;
        if (verdict.IsFailed)
        {
            Failed++;
            part.Failed++;
        }
        else if (verdict.Judgment is not { } judgment || judgment.Utf8.Span.SequenceEqual("null"u8))
        {
            Abstained++;
        }
        else if (Measure(judgment) is { } measure)
        {
            part.Measured++;
            part.Sum += measure;
        }

        if (_against.Count < MostNamed && (verdict.IsFailed || IsFalse(verdict.Judgment)))
            _against.Add(verdict);
    }

    private static bool IsFalse(JsonValue? judgment) => judgment?.Utf8.Span.SequenceEqual("false"u8) == true;

    /// <summary>Null where it is a text, or a list of them, or too large for a sum.</summary>
    private double? Measure(JsonValue judgment)
    {
        if (judgment.Utf8.Span.SequenceEqual("true"u8))
        {
            True++;
            return 1;
        }

        if (IsFalse(judgment))
        {
            False++;
            return 0;
        }

        if (judgment.Utf8.Span[0] is not ((byte)'"' or (byte)'[')
            && double.TryParse(judgment.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number))
        {
            Numbers++;
            _sum += number;
            Least = Math.Min(Least ?? number, number);
            Most = Math.Max(Most ?? number, number);
            return number;
        }

        Tell(judgment.AsText() ?? judgment.ToString());
        return null;
    }

    private void Tell(string text)
    {
        if (_texts.Count < MostTexts || _texts.ContainsKey(text))
            CollectionsMarshal.GetValueRefOrAddDefault(_texts, text, out _)++;
    }
}
