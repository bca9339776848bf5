using System.Globalization;
using System.Text;

namespace Worker.Ingestion.RabbitMq;

/// <summary>Reads AMQP headers, whose values come as the bytes and number types that their sender chose.</summary>
internal static class AmqpHeaders
{
    /// <summary>What an AMQP short string may be long, in UTF-8 bytes; a longer one makes the client throw.</summary>
    public const int ShortStringBytes = 255;

    public static string? Text(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) ? AsText(value) : null;

    public static long? Number(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) && value is byte or sbyte or short or ushort or int or uint or long
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The newest entry of <c>x-death</c>: why and from where the broker last moved the message.</summary>
    public static IDictionary<string, object?>? Death(IDictionary<string, object?>? headers) =>
        headers is not null && headers.TryGetValue("x-death", out var value) && value is IList<object?> { Count: > 0 } deaths
            ? deaths[0] as IDictionary<string, object?>
            : null;

    public static string? DeathRoutingKey(IDictionary<string, object?>? headers) =>
        Death(headers) is { } death && death.TryGetValue("routing-keys", out var value) && value is IList<object?> { Count: > 0 } keys
            ? AsText(keys[0])
            : null;

    /// <summary>As much of the text as a short string holds, whole characters only.</summary>
    public static string? Short(string? text)
    {
        if (text is null || Encoding.UTF8.GetByteCount(text) <= ShortStringBytes)
            return text;

        var (bytes, length) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > ShortStringBytes)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    private static string? AsText(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string text => text,
        _ => null,
    };
}
