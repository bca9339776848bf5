using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>
/// What can be measured over the Logs of a trace. Null where it cannot be known, or where there is nothing to measure.
/// </summary>
internal static class Measures
{
    public static Fold<double> Count(Selection logs)
    {
        var count = 0;
        return OverSelected(
            logs,
            _ =>
            {
                count++;
                return true;
            },
            () => count);
    }

    /// <summary>The share of the Logs for which the condition holds; null where there are no Logs.</summary>
    public static Fold<double> Ratio(Selection logs)
    {
        var (all, count) = (0, Count(logs));
        return new(
            member =>
            {
                all += logs.Of(member) ? 1 : 0;
                count.Take(member);
            },
            () => all == 0 ? null : count.Result() / all);
    }

    /// <summary>Seconds from the earliest start to the latest end.</summary>
    public static Fold<double> Duration(Selection logs)
    {
        var span = LogSpan.Unknown;
        return OverSelected(
            logs,
            member =>
            {
                span = span.With(member.Span);
                return true;
            },
            () => span.Duration?.TotalSeconds);
    }

    /// <summary>Of the values that are numbers; null when none is.</summary>
    public static Fold<double> Sum(Selection logs, FieldPath field)
    {
        double? sum = null;
        return OverSelected(
            logs,
            member =>
            {
                if (field.IsUnknown(member))
                    return false;
                if (field.Read(member) is { } value && JsonText.Number(value) is { } number)
                    sum = (sum ?? 0) + number;
                return true;
            },
            () => sum);
    }

    /// <summary>How many Logs have the same values as an earlier one. No value is a value here.</summary>
    public static Fold<double> Repeated(Selection logs, IReadOnlyList<FieldPath> by)
    {
        var (repeated, seen, text) = (0, new HashSet<UInt128>(), new ArrayBufferWriter<byte>());
        return OverSelected(
            logs,
            member =>
            {
                if (by.Any(field => field.IsUnknown(member)))
                    return false;
                repeated += seen.Add(Key(member, by, text)) ? 0 : 1;
                return true;
            },
            () => repeated);
    }

    /// <summary>A hash of the values, because they may be long, and there may be many.</summary>
    private static UInt128 Key(Member member, IReadOnlyList<FieldPath> by, ArrayBufferWriter<byte> text)
    {
        text.ResetWrittenCount();
        foreach (var field in by)
        {
            text.Write(","u8);
            if (field.ReadJson(member) is { } value)
                CanonicalJson.WriteExact(value.Utf8, text);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>
    /// Null when it is not known of some Log whether it is selected, when <paramref name="take"/> rejects a selected
    /// Log, or when JSON cannot spell the number, because a sum has overflowed.
    /// </summary>
    private static Fold<double> OverSelected(Selection logs, Predicate<Member> take, Func<double?> result)
    {
        var isKnown = true;
        return new(
            member =>
            {
                if (isKnown)
                    isKnown = logs.Includes(member) is { } included && (!included || take(member));
            },
            () => isKnown && result() is { } number && double.IsFinite(number) ? number : null);
    }
}
