using System.Globalization;
using System.Text;

namespace Worker.Testing.Fuzz;

/// <summary>
/// Reads JSON character by character, by RFC 8259 and nothing else, but for <c>NaN</c>, <c>Infinity</c> and
/// <c>-Infinity</c>. Slow and simple: what the product says is held against it.
/// </summary>
internal sealed class ReferenceReader
{
    // Deeper than any body that is not refused for it, and not so deep that reading it would end the process.
    private const int DeepestRead = 2000;

    private readonly string _text;
    private int _at;
    private int _depth;

    private ReferenceReader(string text) => _text = text;

    /// <summary>How deep arrays and objects nest.</summary>
    public int Deepest { get; private set; }

    /// <summary>Null when the bytes are no JSON in UTF-8. A byte order mark may come first.</summary>
    public static ReferenceJson? Read(ReadOnlySpan<byte> utf8, out int deepest)
    {
        deepest = 0;
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        var reader = new ReferenceReader(text.StartsWith('\ufeff') ? text[1..] : text);
        try
        {
            var value = reader.Value();
            reader.White();
            return reader._at == reader._text.Length ? value : null;
        }
        catch (FormatException)
        {
            return null;
        }
        finally
        {
            deepest = reader.Deepest;
        }
    }

    private ReferenceJson Value()
    {
        White();
        if (Take("null"))
            return ReferenceJson.Null;
        if (Take("NaN") || Take("Infinity") || Take("-Infinity"))
            return ReferenceJson.NonNumber;
        if (Take("true"))
            return ReferenceJson.Boolean(true);
        if (Take("false"))
            return ReferenceJson.Boolean(false);
        return Peek() switch
        {
            '"' => ReferenceJson.String(String()),
            '{' => Nested(Object),
            '[' => Nested(Array),
            _ => ReferenceJson.Number(Number()),
        };
    }

    private ReferenceJson Nested(Func<ReferenceJson> read)
    {
        Deepest = Math.Max(Deepest, ++_depth);
        if (_depth > DeepestRead)
            throw new FormatException();
        _at++;
        var value = read();
        _depth--;
        return value;
    }

    private ReferenceJson Array()
    {
        var items = new List<ReferenceJson>();
        White();
        if (Take("]"))
            return ReferenceJson.Array(items);
        do
        {
            items.Add(Value());
            White();
        }
        while (Take(","));
        Expect("]");
        return ReferenceJson.Array(items);
    }

    private ReferenceJson Object()
    {
        var members = new List<(string, ReferenceJson)>();
        White();
        if (Take("}"))
            return ReferenceJson.Object(members);
        do
        {
            White();
            var name = String();
            White();
            Expect(":");
            members.Add((name, Value()));
            White();
        }
        while (Take(","));
        Expect("}");
        return ReferenceJson.Object(members);
    }

    private string String()
    {
        Expect("\"");
        var text = new StringBuilder();
        for (; Peek() != '"'; _at++)
            text.Append(Peek() == '\\' ? Escaped() : Peek() >= ' ' ? Peek() : throw new FormatException());
        _at++;
        return text.ToString();
    }

    private char Escaped()
    {
        _at++;
        if (Peek() != 'u')
            return "\"\\/bfnrt".IndexOf(Peek(), StringComparison.Ordinal) is var known and >= 0
                ? "\"\\/\b\f\n\r\t"[known]
                : throw new FormatException();
        if (_at + 4 >= _text.Length || !_text.AsSpan(_at + 1, 4).ToString().All(char.IsAsciiHexDigit))
            throw new FormatException();
        _at += 4;
        return (char)ushort.Parse(
            _text.AsSpan(_at - 3, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private string Number()
    {
        var start = _at;
        Take("-");
        if (!Take("0"))
            Digits();
        if (Take("."))
            Digits();
        if (Take("e") || Take("E"))
        {
            _ = Take("+") || Take("-");
            Digits();
        }

        return _text[start.._at];
    }

    private void Digits()
    {
        if (!char.IsAsciiDigit(Peek()))
            throw new FormatException();
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
    }

    private void White()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\r' or '\n')
            _at++;
    }

    private char Peek() => _at < _text.Length ? _text[_at] : throw new FormatException();

    private bool Take(string token)
    {
        var found = string.CompareOrdinal(_text, _at, token, 0, token.Length) == 0;
        _at += found ? token.Length : 0;
        return found;
    }

    private void Expect(string token)
    {
        if (!Take(token))
            throw new FormatException();
    }
}
