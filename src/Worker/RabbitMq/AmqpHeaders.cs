using System.Globalization;
using System.Text;

namespace Worker.RabbitMq;

/// <summary>Reads AMQP headers, whose values come as the bytes and number types that their sender chose.</summary>
internal static class AmqpHeaders
{
    /// <summary>When the message that was a dead letter was first received.</summary>
    public const string FirstReceived = "first_received";

    /// <summary>
    /// How often a message was refused, and why: a dead letter has it, and the message put back from it.
    /// </summary>
    public const string Attempts = "dead_letter_attempts";

    /// <summary>UTF-8 bytes that a short string holds at most; a longer one makes the client throw.</summary>
    public const int MaxShortBytes = 255;

    public static string? Text(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) ? AsText(value) : null;

    public static long? Number(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value)
            && value is byte or sbyte or short or ushort or int or uint or long
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The newest entry of <c>x-death</c>: why and from where the broker last moved the message.</summary>
    public static IDictionary<string, object?>? Death(IDictionary<string, object?>? headers) =>
        headers is not null && headers.TryGetValue("x-death", out var value)
            && value is IList<object?> { Count: > 0 } deaths
            ? deaths[0] as IDictionary<string, object?>
            : null;

    public static string? DeathRoutingKey(IDictionary<string, object?>? headers) =>
        Death(headers) is { } death && death.TryGetValue("routing-keys", out var value)
            && value is IList<object?> { Count: > 0 } keys
            ? AsText(keys[0])
            : null;

    private static string? AsText(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string text => text,
        _ => null,
    };
}
