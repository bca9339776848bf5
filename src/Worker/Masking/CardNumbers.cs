namespace Worker.Masking;

/// <summary>
/// Numbers of payment cards: digits in one piece or in the groups of a card, with the beginning and length of an issuer
/// and a right check digit. Other numbers fit one time in some hundreds.
/// </summary>
internal static class CardNumbers
{
    /// <summary>What the shortest number takes.</summary>
    private const int Shortest = 14;

    private const int MostDigits = 19;

    /// <summary>The next number from there on. A text with few digits is not even read whole.</summary>
    public static bool Next(ReadOnlySpan<byte> text, int from, out Range card)
    {
        // In a number no two characters in a row are other than digits: of a text without digits, one pair in 14 is
        // looked at.
        for (var at = from + Shortest - 1; at < text.Length;)
        {
            if (!TokenText.IsDigit(text[at]) && !TokenText.IsDigit(text[at - 1]))
            {
                at += Shortest;
                continue;
            }

            var begin = TokenText.IsDigit(text[at]) ? at : at - 1;
            while (begin > from && IsPart(text[begin - 1]))
                begin--;
            var end = at;
            while (end < text.Length && IsPart(text[end]))
                end++;
            if (end - begin >= Shortest && In(text, begin, end, out card))
                return true;
            at = end + Shortest;
        }

        card = default;
        return false;
    }

    private static bool IsPart(byte character) =>
        TokenText.IsDigit(character) || character is (byte)' ' or (byte)'-';

    private static bool In(ReadOnlySpan<byte> text, int begin, int end, out Range card)
    {
        for (var at = begin; at < end;)
        {
            at = Math.Min(end, at + OfEscape(text, at));
            var length = Group(text, at, end);
            if (length > 0 && End(text, at, length, end) is { } found && Begins(text, at) && Ends(text, found))
            {
                card = at..found;
                return true;
            }

            at += Math.Max(1, length);
        }

        card = default;
        return false;
    }

    /// <summary>How many digits there belong to an escape such as <c>\u0022</c>.</summary>
    private static int OfEscape(ReadOnlySpan<byte> text, int at)
    {
        for (var before = 0; before < 4 && at - before >= 2; before++)
        {
            if (text[at - before - 1] == (byte)'u' && text[at - before - 2] == (byte)'\\')
                return 4 - before;
        }

        return 0;
    }

    /// <summary>Where a number that begins there ends; null where none does.</summary>
    private static int? End(ReadOnlySpan<byte> text, int at, int first, int end)
    {
        if (first >= Shortest)
            return IsCard(text.Slice(at, first)) ? at + first : null;
        if (first != 4 || at + first >= end || IsFourBefore(text, at))
            return null;

        var separator = text[at + first];
        Span<int> groups = [first, 0, 0, 0, 0];
        for (var (i, next) = (1, at + first); i < groups.Length && next < end && text[next] == separator; i++)
            next += 1 + (groups[i] = Group(text, next + 1, end));
        var count = groups switch
        {
            [4, 6, 4 or 5, ..] => 3,
            [4, 4, 4, 4, not 4] => 4,
            _ => 0,
        };
        return count > 0 && IsCard(text[at..], groups[..count], out var length) ? at + length : null;
    }

    private static bool IsCard(ReadOnlySpan<byte> text, ReadOnlySpan<int> groups, out int length)
    {
        Span<byte> digits = stackalloc byte[MostDigits];
        length = 0;
        var count = 0;
        foreach (var group in groups)
        {
            text.Slice(length, group).CopyTo(digits[count..]);
            count += group;
            length += group + 1;
        }

        length--;
        return IsCard(digits[..count]);
    }

    /// <summary>Before it are four digits as in it, and of no escape: it is a row of numbers.</summary>
    private static bool IsFourBefore(ReadOnlySpan<byte> text, int at) =>
        at >= 5
        && !TokenText.IsEscape(text, at - 1)
        && TokenText.Digits(text.Slice(at - 5, 4)) == 4
        && (at == 5 || !TokenText.IsDigit(text[at - 6]))
        && text[at - 1] is (byte)' ' or (byte)'-';

    private static int Group(ReadOnlySpan<byte> text, int at, int end)
    {
        var length = 0;
        while (at + length < end && TokenText.IsDigit(text[at + length]))
            length++;
        return length;
    }

    /// <summary>It is no part of a word, a fraction or an id with dashes.</summary>
    private static bool Begins(ReadOnlySpan<byte> text, int at) =>
        at == 0
        || TokenText.IsEscape(text, at)
        || (!TokenText.Word.Contains(text[at - 1])
            && (at == 1 || !IsJoined(text[at - 1], text[at - 2])));

    private static bool Ends(ReadOnlySpan<byte> text, int end) =>
        end == text.Length
        || (!TokenText.Word.Contains(text[end])
            && (end + 1 == text.Length || !IsJoined(text[end], text[end + 1])));

    private static bool IsJoined(byte sign, byte beyond) =>
        (sign == (byte)'-' && TokenText.Word.Contains(beyond)) || (sign == (byte)'.' && TokenText.IsDigit(beyond));

    private static bool IsCard(ReadOnlySpan<byte> digits) =>
        digits.Length is >= Shortest and <= MostDigits && IsOfAnIssuer(digits) && HasRightCheckDigit(digits);

    private static bool IsOfAnIssuer(ReadOnlySpan<byte> digits)
    {
        var begin = 0;
        foreach (var digit in digits[..4])
            begin = (begin * 10) + (digit - '0');
        return (begin, digits.Length) switch
        {
            (>= 4000 and < 5000, 16) => true,
            (>= 5100 and < 5600, 16) or (>= 2221 and <= 2720, 16) => true,
            (>= 3400 and < 3500, 15) or (>= 3700 and < 3800, 15) => true,
            (6011, 16) or (>= 6440 and < 6600, 16) => true,
            (>= 3528 and < 3590, 16) => true,
            (>= 3000 and < 3060, 14) or (>= 3600 and < 3700, 14) or (>= 3800 and < 4000, 14) => true,
            (>= 6200 and < 6300, 16 or 19) => true,
            _ => false,
        };
    }

    /// <summary>By Luhn.</summary>
    private static bool HasRightCheckDigit(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return sum % 10 == 0;
    }
}
