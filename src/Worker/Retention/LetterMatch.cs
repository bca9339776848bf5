using System.Text;
using System.Text.Json;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Retention;

/// <summary>Which dead letters are about certain Logs, or of certain users.</summary>
/// <param name="logIds">Any of these, as the Log's id or as any text in the body.</param>
/// <param name="users">Any of these, as a <c>user</c> in the body.</param>
internal sealed class LetterMatch(IReadOnlySet<string> logIds, IReadOnlySet<string> users)
{
    /// <summary>More is not unpacked; no message that large is ever taken.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    public bool Matches(DeadLetter letter)
    {
        if (letter.LogId is { } id && logIds.Contains(id))
            return true;
        if (letter.Body is not { } body)
            return false;
        var inbound = new InboundMessage
        {
            Body = body, ContentEncoding = letter.ContentEncoding, ReceivedAt = letter.FirstReceived, Tag = 0,
        };
        return IsAbout(ContentEncodings.Undo(inbound, MaxBytes).Body.Span);
    }

    private bool IsAbout(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000 });
        var isUser = false;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } text
                    && (logIds.Contains(text) || (isUser && users.Contains(text))))
                    return true;
                isUser = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("user"u8);
            }

            return false;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // It is no JSON, which may be why it was refused: then what looks like it counts.
            return Contains(json, logIds) || Contains(json, users);
        }
    }

    private static bool Contains(ReadOnlySpan<byte> text, IReadOnlySet<string> names)
    {
        foreach (var name in names)
        {
            if (text.IndexOf(Encoding.UTF8.GetBytes('"' + name + '"')) >= 0)
                return true;
        }

        return false;
    }
}
