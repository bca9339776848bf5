using System.Buffers;

namespace Worker.Masking;

/// <summary>The shapes that are more than a prefix and a class of characters.</summary>
internal static class SecretMatches
{
    /// <summary>Bytes in which an address has its user and password.</summary>
    private const int Authority = 512;

    private const int AwsSecretBytes = 40;

    private static readonly SearchValues<byte> AuthorityEnds = TokenText.Of("/\\ \t\r\n\"'<>`|{}");
    private static readonly SearchValues<byte> BeforeValue = TokenText.Of(" \t\"'=:\\>,");
    private static readonly SearchValues<byte> KeyText = TokenText.Of(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n\\:,.-_");

    /// <summary>Three parts, of which the first two are JSON objects.</summary>
    public static bool Jwt(ReadOnlySpan<byte> text, int at, out Range secret)
    {
        secret = default;
        if (!TokenText.Begins(text, at, TokenText.Dashed))
            return false;
        var head = TokenText.Length(text, at, TokenText.Dashed);
        var claims = at + head + 1;
        if (head < 12 || claims + 3 > text.Length || !text[(claims - 1)..].StartsWith(".eyJ"u8))
            return false;
        var length = TokenText.Length(text, claims, TokenText.Dashed);
        var end = claims + length;
        if (length < 8 || end >= text.Length || text[end] != (byte)'.')
            return false;
        secret = at..(end + 1 + TokenText.Length(text, end + 1, TokenText.Dashed));
        return true;
    }

    /// <summary>The token is masked, and the word before it kept.</summary>
    public static bool Bearer(ReadOnlySpan<byte> text, int at, out Range secret)
    {
        var begin = at + "earer ".Length;
        var length = TokenText.Length(text, begin, TokenText.Opaque);
        secret = begin..(begin + length);
        return at > 0
            && text[at - 1] is (byte)'b' or (byte)'B'
            && TokenText.Begins(text, at - 1, TokenText.Word)
            && length >= 16
            && (TokenText.Digits(text.Slice(begin, length)) >= 4 || TokenText.IsRandom(text.Slice(begin, length)));
    }

    /// <summary>From its first line to its last, or, where it is cut off, as far as it goes.</summary>
    public static bool PrivateKey(ReadOnlySpan<byte> text, int at, out Range secret)
    {
        secret = default;
        const int LongestName = 40;
        var name = text[(at + "-----BEGIN ".Length)..];
        var nameEnd = name[..Math.Min(name.Length, LongestName)].IndexOf("-----"u8);
        if (nameEnd < 0 || name[..nameEnd].IndexOf("PRIVATE KEY"u8) < 0)
            return false;

        var begin = at + "-----BEGIN ".Length + nameEnd + "-----".Length;
        var inside = text[begin..];
        var next = inside.IndexOf("-----"u8);
        var isClosed = next >= 0 && inside[next..].StartsWith("-----END "u8);
        if (!isClosed)
            next = TokenText.Length(next < 0 ? inside : inside[..next], 0, KeyText);
        secret = at..(begin + next + (isClosed ? EndLine(inside[next..]) : 0));
        return HasKey(inside[..next]);
    }

    /// <summary>The password alone: user and host may be needed to understand what failed.</summary>
    public static bool Password(ReadOnlySpan<byte> text, int at, out Range secret)
    {
        secret = default;
        var begin = at + (text[at + 1] == (byte)'\\' ? @":\/\/".Length : "://".Length);
        var authority = text.Slice(begin, Math.Min(Authority, text.Length - begin));
        var end = authority.IndexOfAny(AuthorityEnds);
        authority = end < 0 ? authority : authority[..end];
        var (colon, host) = (authority.IndexOf((byte)':'), authority.LastIndexOf((byte)'@'));
        if (colon < 0 || host <= colon + 1 || IsPort(authority[(colon + 1)..host]))
            return false;
        secret = (begin + colon + 1)..(begin + host);
        return authority[colon + 1] != (byte)'[';
    }

    /// <summary>The 40 characters that stand beside the name.</summary>
    public static bool AwsSecret(ReadOnlySpan<byte> text, int at, out Range secret)
    {
        secret = default;
        var end = at + (text[at + 5] == (byte)'_' ? "ecret_access_key" : "ecretAccessKey").Length;
        var between = text[end..].IndexOfAnyExcept(BeforeValue);
        if (between is < 1 or > 8)
            return false;
        var value = text[(end + between)..];
        value = value[..Math.Min(value.Length, AwsSecretBytes + 1)];
        secret = (end + between)..(end + between + AwsSecretBytes);
        return IsAwsSecret(value[..TokenText.Length(value, 0, TokenText.Base64)]);
    }

    /// <summary>Whether a value is such a secret, if its name says so.</summary>
    public static bool IsAwsSecret(ReadOnlySpan<byte> value) =>
        value.Length == AwsSecretBytes
        && TokenText.Length(value, 0, TokenText.Base64) == value.Length
        && TokenText.Digits(value) > 0;

    public static bool NamesAwsSecret(ReadOnlySpan<byte> name) =>
        name.EndsWith("ecret_access_key"u8) || name.EndsWith("ecretAccessKey"u8) || name.EndsWith("ECRET_ACCESS_KEY"u8);

    public static bool SlackHook(ReadOnlySpan<byte> text, int at, out Range secret)
    {
        var begin = at + "hooks.slack.com/services/".Length;
        var length = TokenText.Length(text, begin, TokenText.Base64);
        secret = begin..(begin + length);
        return length >= 24 && text[begin] == (byte)'T' && text.Slice(begin, length).Count((byte)'/') == 2;
    }

    /// <summary>A host's port, and a query in which an @ stands.</summary>
    private static bool IsPort(ReadOnlySpan<byte> password)
    {
        var end = password.IndexOfAny((byte)'?', (byte)'#');
        return end is > 0 and <= 5 && TokenText.Digits(password[..end]) == end;
    }

    private static int EndLine(ReadOnlySpan<byte> end)
    {
        var close = end["-----END ".Length..].IndexOf("-----"u8);
        return close is < 0 or > 40 ? "-----END ".Length : "-----END ".Length + close + "-----".Length;
    }

    /// <summary>A line of Base64, as no text about keys has.</summary>
    private static bool HasKey(ReadOnlySpan<byte> inside)
    {
        const int Line = 32;
        while (!inside.IsEmpty)
        {
            var length = TokenText.Length(inside, 0, TokenText.Base64);
            if (length >= Line)
                return true;
            inside = inside[Math.Min(inside.Length, length + 1)..];
        }

        return false;
    }
}
