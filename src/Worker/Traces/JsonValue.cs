using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Worker.Traces;

/// <summary>
/// One JSON value as UTF-8 text, exactly as it was sent: well formed, valid UTF-8, no lone surrogate.
/// The bytes are never changed after construction, so values are shared freely.
/// Equality is of bytes; use <see cref="CanonicalJson"/> for "the same value".
/// </summary>
internal readonly struct JsonValue(ReadOnlyMemory<byte> utf8) : IEquatable<JsonValue>
{
    private static readonly SearchValues<char> Unescaped =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except("\"\\")]);

    private static readonly JsonSerializerOptions TextOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <summary>The value that <paramref name="json"/> spells; the caller vouches that it is well formed.</summary>
    public static JsonValue Parse(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <summary>The JSON string for <paramref name="text"/>.</summary>
    public static JsonValue FromText(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Unescaped))
            return new(JsonSerializer.SerializeToUtf8Bytes(text, TextOptions));

        var utf8 = new byte[text.Length + 2];
        utf8[0] = utf8[^1] = (byte)'"';
        Encoding.ASCII.GetBytes(text, utf8.AsSpan(1));
        return new(utf8);
    }

    /// <summary>The text of a JSON string; null for any other kind of value.</summary>
    public string? AsText()
    {
        var span = Utf8.Span;
        if (span.Length < 2 || span[0] != (byte)'"')
            return null;
        if (!span.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(span[1..^1]);

        var reader = new Utf8JsonReader(span);
        reader.Read();
        return reader.GetString();
    }

    /// <summary>Whether it is the JSON string of that text, however it is escaped.</summary>
    public bool IsText(string text)
    {
        var reader = new Utf8JsonReader(Utf8.Span);
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(text);
    }

    public bool Equals(JsonValue other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override bool Equals(object? obj) => obj is JsonValue other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(JsonValue left, JsonValue right) => left.Equals(right);

    public static bool operator !=(JsonValue left, JsonValue right) => !left.Equals(right);

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
}
