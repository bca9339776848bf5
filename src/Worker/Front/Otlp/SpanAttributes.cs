using System.Globalization;
using System.Text;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// The attributes of a span or event. What is taken has found its place in a Log; what is left stays as it is. Of a
/// name that occurs twice the last counts.
/// </summary>
internal sealed class SpanAttributes
{
    private readonly Dictionary<string, JsonValue> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Those that nobody took.</summary>
    public IEnumerable<KeyValuePair<string, JsonValue>> Left => _values.Where(value => !_taken.Contains(value.Key));

    /// <summary>Throws <see cref="BadSpanException"/> where there are too many.</summary>
    public void Add(string name, JsonValue value)
    {
        _values[name] = value;
        if (_values.Count > OtlpLimits.Attributes)
            throw new BadSpanException($"It has more than {OtlpLimits.Attributes} attributes; record fewer");
    }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Without taking it; null where there is none.</summary>
    public JsonValue? Peek(string name) => _values.TryGetValue(name, out var value) ? value : null;

    /// <summary>A text, without taking it; null where there is none, or an empty one.</summary>
    public string? PeekText(string name) => Peek(name)?.AsText() is { Length: > 0 } text ? text : null;

    /// <summary>The first of those names that is there.</summary>
    public JsonValue? Take(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!_values.TryGetValue(name, out var value) || _taken.Contains(name))
                continue;
            _taken.Add(name);
            return value;
        }

        return null;
    }

    /// <summary>The first of those names that is a text with something in it.</summary>
    public string? TakeText(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (PeekText(name) is { } text && Take(name) is not null)
                return text;
        }

        return null;
    }

    /// <summary>The first of those names that is a number, or a text that spells one.</summary>
    public JsonValue? TakeNumber(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Peek(name) is { } value && Number(value) is { } number && Take(name) is not null)
                return number;
        }

        return null;
    }

    /// <summary>All that begin with that prefix: what follows it, and the value.</summary>
    public List<KeyValuePair<string, JsonValue>> TakeUnder(string prefix)
    {
        var under = new List<KeyValuePair<string, JsonValue>>();
        foreach (var (name, value) in _values)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && _taken.Add(name))
                under.Add(new(name[prefix.Length..], value));
        }

        return under;
    }

    /// <summary>A JSON number, also where a text spells one; null of anything else.</summary>
    public static JsonValue? Number(JsonValue value)
    {
        if (value.Utf8.Span is [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..])
            return value;
        if (value.AsText() is not { Length: > 0 and < 64 } text
            || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            return null;
        try
        {
            var json = Encoding.UTF8.GetBytes(text);
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read() ? new(json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
