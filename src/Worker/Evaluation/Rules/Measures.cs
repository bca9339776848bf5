using System.Buffers;
using System.Text;
using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>What can be measured over the Logs of a trace. Null where it cannot be known, or where there is nothing to measure.</summary>
internal static class Measures
{
    public static double? Count(Trace trace, IEnumerable<Log> logs, Condition where) => Selected(trace, logs, where)?.Count;

    /// <summary>The part of the Logs for which the condition holds; null of nothing.</summary>
    public static double? Ratio(Trace trace, IEnumerable<Log> logs, Condition where)
    {
        var all = logs.ToList();
        return all.Count == 0 || Count(trace, all, where) is not { } count ? null : count / all.Count;
    }

    /// <summary>Seconds from the earliest start to the latest end.</summary>
    public static double? Duration(Trace trace, IEnumerable<Log> logs, Condition where) =>
        Selected(trace, logs, where) is { } selected ? LogSpan.Seconds(trace, selected) : null;

    /// <summary>Of the values that are numbers; null when none is.</summary>
    public static double? Sum(Trace trace, IEnumerable<Log> logs, Condition where, FieldPath field)
    {
        if (Selected(trace, logs, where) is not { } selected || selected.Exists(field.IsWithheld))
            return null;

        var numbers = selected
            .Select(log => field.Read(log, trace) is { } value ? JsonText.Number(value) : null)
            .OfType<double>()
            .ToList();
        return numbers.Count == 0 ? null : numbers.Sum();
    }

    /// <summary>How many Logs have the same values as an earlier one. No value is a value here.</summary>
    public static double? Repeated(Trace trace, IEnumerable<Log> logs, Condition where, IReadOnlyList<FieldPath> by)
    {
        if (Selected(trace, logs, where) is not { } selected || selected.Exists(log => by.Any(field => field.IsWithheld(log))))
            return null;
        return selected.Count - selected.Select(log => Key(log, trace, by)).Distinct(StringComparer.Ordinal).Count();
    }

    private static string Key(Log log, Trace trace, IReadOnlyList<FieldPath> by)
    {
        var key = new ArrayBufferWriter<byte>();
        foreach (var field in by)
        {
            key.Write(","u8);
            if (field.Read(log, trace) is { } value)
                CanonicalJson.WriteExact(Encoding.UTF8.GetBytes(value.GetRawText()), key);
        }

        return Encoding.UTF8.GetString(key.WrittenSpan);
    }

    /// <summary>Null when it cannot be known of every Log.</summary>
    private static List<Log>? Selected(Trace trace, IEnumerable<Log> logs, Condition where)
    {
        var selected = new List<Log>();
        foreach (var log in logs)
        {
            switch (where(log, trace))
            {
                case null:
                    return null;
                case true:
                    selected.Add(log);
                    break;
            }
        }

        return selected;
    }
}
