using System.Text.Json;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Publishing;

/// <summary>
/// One line of a message file: a JSON object whose <c>type</c> is the message's type, and whose rest is its body as it
/// is.
/// </summary>
internal static class MessageLine
{
    private const int MaxDepth = 1000;

    private static readonly HashSet<string> Types =
        [.. Enum.GetValues<MessageKind>().SelectMany(kind => new[] { kind.WireName(), kind.ToString() })];

    private static readonly string Accepted = string.Join(
        ", ", Enum.GetValues<MessageKind>().Select(kind => kind.WireName()));

    /// <summary>The message, or else what is wrong with the line, as a sentence.</summary>
    public static (InboxMessage? Message, string? Fault) Read(ReadOnlySpan<byte> line, DateTimeOffset receivedAt)
    {
        try
        {
            var (type, body) = Part(line);
            if (type is null)
                return (null, $"type is missing; it accepts {Accepted}.");
            if (!Types.Contains(type))
                return (null, $"type is \"{type}\"; it accepts {Accepted}.");
            var message = new InboxMessage
            {
                Type = type,
                ContentType = "application/json",
                Body = body,
                ReceivedAt = receivedAt,
            };
            return (message, null);
        }
        catch (JsonException exception)
        {
            return (null, $"it is not one JSON object: {FirstSentence(exception.Message)}.");
        }
        catch (InvalidOperationException)
        {
            return (null, $"type is not a text; it accepts {Accepted}.");
        }
    }

    private static (string? Type, byte[] Body) Part(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("it begins otherwise");

        (string? Type, Range Cut) found = (null, default);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isType = found.Type is null && reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
                found = (reader.GetString() ?? throw new InvalidOperationException(), start..(int)reader.BytesConsumed);
            else
                reader.Skip();
            if (isType)
                found.Cut = start..(int)reader.BytesConsumed;
        }

        if (reader.Read())
            throw new JsonException("something follows it");
        return (found.Type, found.Type is null ? [] : Without(line, found.Cut));
    }

    /// <summary>The object without one property and the comma that parted it from its neighbour.</summary>
    private static byte[] Without(ReadOnlySpan<byte> line, Range property)
    {
        var before = line[..property.Start].TrimEnd(" \t\r\n"u8);
        var after = line[property.End..].TrimStart(" \t\r\n"u8);
        if (after[0] == (byte)',')
            after = after[1..];
        else if (before[^1] == (byte)',')
            before = before[..^1];
        return [.. before, .. after];
    }

    private static string FirstSentence(string message) => message.Split(". ", 2)[0].TrimEnd('.');
}
