using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Alerts;

/// <summary>Measures the verdicts of a window for one alert, as they come.</summary>
internal sealed class VerdictTally(Alert alert)
{
    /// <summary>
    /// So many verdicts of a window are looked at, the latest ones: that bounds what an alert costs in time and memory.
    /// </summary>
    public const int MostVerdicts = 100_000;

    private readonly List<double> _latencies = [];
    private readonly List<(DateTimeOffset At, Contribution What)> _against = [];
    private long _count;
    private double _sum;
    private decimal _cost;

    public void Add(VerdictLine verdict)
    {
        if (verdict.IsLater || Amount(verdict) is not { } amount)
            return;
        _count++;
        _sum += amount;
        _cost += verdict.Cost ?? 0;
        if (alert.Measure == AlertMeasure.LatencyP95)
            _latencies.Add(amount);
        if (CountsAgainst(amount))
            _against.Add((verdict.EndTime, new(verdict.Id, verdict.LogId)));
    }

    public Measurement Result(bool isCut) => new(
        Value(),
        _count,
        _against.Count,
        [
            .. _against
                .OrderByDescending(each => each.At)
                .ThenBy(each => each.What.Id, StringComparer.Ordinal)
                .Take(Measurement.MostContributions)
                .Select(each => each.What),
        ],
        isCut);

    /// <summary>What the verdict adds; null where the measure does not speak of it.</summary>
    private double? Amount(VerdictLine verdict)
    {
        switch (alert.Measure)
        {
            case AlertMeasure.Rate:
                return verdict.Judgment is { } judgment ? (Is(judgment, alert.Judgment!.Value) ? 1 : 0) : null;
            case AlertMeasure.Mean:
                return verdict.Judgment is { } number ? Number(number) : null;
            case AlertMeasure.Errors:
                return verdict.IsFailed ? 1 : 0;
            case AlertMeasure.Cost:
                return (double?)verdict.Cost;
            default:
                var took = (verdict.EndTime - verdict.StartTime).TotalSeconds;
                return took >= 0 ? took : null;
        }
    }

    /// <summary>
    /// Whether it is on the wrong side by itself: of a rate, what is that judgment, or is not; of a sum, whatever adds
    /// to it; else what is beyond the limit.
    /// </summary>
    private bool CountsAgainst(double amount) => alert.Measure switch
    {
        AlertMeasure.Rate or AlertMeasure.Errors => amount == 1 == alert.Bound.IsCeiling,
        AlertMeasure.Cost => amount > 0,
        _ => alert.Bound.IsBrokenBy(amount),
    };

    private double? Value() => (alert.Measure, _count) switch
    {
        (AlertMeasure.Cost, _) => (double)_cost,
        (_, 0) => null,
        (AlertMeasure.LatencyP95, _) => Percentile(0.95),
        _ => _sum / _count,
    };

    /// <summary>The least value that so many of them do not exceed.</summary>
    private double Percentile(double share)
    {
        _latencies.Sort();
        return _latencies[(int)Math.Ceiling(share * _latencies.Count) - 1];
    }

    /// <summary>It is the same JSON value, or a list that has it.</summary>
    private static bool Is(JsonValue judgment, JsonValue wanted)
    {
        if (judgment == wanted)
            return true;
        var canonical = new ArrayBufferWriter<byte>(judgment.Utf8.Length);
        CanonicalJson.Write(judgment.Utf8, canonical);
        return canonical.WrittenSpan.SequenceEqual(wanted.Utf8.Span)
            || (canonical.WrittenSpan[0] == (byte)'[' && JsonElement.Parse(canonical.WrittenSpan).EnumerateArray()
                .Any(each => wanted == JsonValue.Parse(each.GetRawText())));
    }

    private static double? Number(JsonValue judgment) =>
        double.TryParse(judgment.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;
}
