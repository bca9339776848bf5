namespace Worker.Traces;

/// <summary>
/// Reads instants as ISO 8601 has them and real clients write them: a date, or a date and a time, with a zone or
/// without (then UTC), a fraction of a second of any length after a point or a comma. What is cut off beyond
/// microseconds is not rounded. Never throws: what is no such date, or lies outside the years 1 to 9999, is null.
/// </summary>
internal ref struct Iso8601
{
    private static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    private ReadOnlySpan<byte> _rest;

    private Iso8601(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>Microseconds since the Unix epoch.</summary>
    public static long? Parse(ReadOnlySpan<byte> utf8)
    {
        var text = new Iso8601(utf8);
        return text.Date() is { } seconds && text.Time(out var microseconds) is { } time && text.Zone() is { } offset
            && text._rest.IsEmpty
            ? Timestamps.InRange(((seconds + time - offset) * 1_000_000) + microseconds)
            : null;
    }

    private long? Date()
    {
        if (Number(4) is not { } year || !Skip((byte)'-') || Number(2) is not { } month || !Skip((byte)'-')
            || Number(2) is not { } day)
            return null;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return null;
        return (new DateOnly(year, month, day).DayNumber - EpochDay) * 86_400L;
    }

    /// <summary>0 where nothing follows the date.</summary>
    private int? Time(out long microseconds)
    {
        microseconds = 0;
        if (_rest.IsEmpty)
            return 0;
        if (!Skip((byte)'T', (byte)'t', (byte)' ') || Number(2) is not (>= 0 and < 24 and var hour) || !Skip((byte)':')
            || Number(2) is not (>= 0 and < 60 and var minute))
            return null;
        if (!Skip((byte)':'))
            return (hour * 3600) + (minute * 60);
        if (Number(2) is not (>= 0 and < 60 and var second))
            return null;
        if (Skip((byte)'.', (byte)','))
        {
            if (Fraction() is not { } fraction)
                return null;
            microseconds = fraction;
        }

        return (hour * 3600) + (minute * 60) + second;
    }

    /// <summary>How far its clocks are ahead of UTC, in seconds; 0 where nothing is said.</summary>
    private int? Zone()
    {
        if (_rest.IsEmpty)
            return 0;
        Skip((byte)' ');
        if (Skip((byte)'Z', (byte)'z'))
            return 0;
        var sign = Skip((byte)'+') ? 1 : -1;
        if ((sign < 0 && !Skip((byte)'-')) || Number(2) is not (>= 0 and < 24 and var hours))
            return null;
        if (_rest.IsEmpty)
            return sign * hours * 3600;
        Skip((byte)':');
        return Number(2) is >= 0 and < 60 and var minutes ? sign * ((hours * 3600) + (minutes * 60)) : null;
    }

    private int? Fraction()
    {
        var (microseconds, digits) = (0, 0);
        for (; digits < _rest.Length && char.IsAsciiDigit((char)_rest[digits]); digits++)
            microseconds = digits < 6 ? (microseconds * 10) + _rest[digits] - '0' : microseconds;
        for (var missing = digits; missing < 6; missing++)
            microseconds *= 10;
        _rest = _rest[digits..];
        return digits == 0 ? null : microseconds;
    }

    private int? Number(int digits)
    {
        if (_rest.Length < digits)
            return null;
        var number = 0;
        foreach (var digit in _rest[..digits])
        {
            if (!char.IsAsciiDigit((char)digit))
                return null;
            number = (number * 10) + (digit - '0');
        }

        _rest = _rest[digits..];
        return number;
    }

    private bool Skip(params ReadOnlySpan<byte> anyOf)
    {
        var found = !_rest.IsEmpty && anyOf.Contains(_rest[0]);
        if (found)
            _rest = _rest[1..];
        return found;
    }
}
