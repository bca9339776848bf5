using System.Text.Json;
using Worker.Ingestion;

namespace Worker.Front;

/// <summary>
/// What the top level of a body names, of that which the front would add; of a name twice the last counts.
/// </summary>
/// <param name="LogId">A <c>log_id</c> that says something, be it nonsense.</param>
/// <param name="SentAt">A clock of the sender's own.</param>
/// <param name="MessageType">What the worker would take for another library's envelope.</param>
internal readonly record struct BodyNames(bool LogId, bool SentAt, bool MessageType)
{
    /// <summary>Null where it is not one JSON object.</summary>
    public static BodyNames? Of(ReadOnlySpan<byte> json) =>
        Scan(json) ?? (NonNumbers.Replace(json) is { } repaired ? Scan(repaired.Json.Span) : null);

    private static BodyNames? Scan(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, JsonBody.ReaderOptions);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return null;
            var names = default(BodyNames);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                names = names.With(ref reader);
            reader.Read();
            return names;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private BodyNames With(ref Utf8JsonReader reader)
    {
        var isLogId = reader.ValueTextEquals("log_id"u8);
        var isSentAt = reader.ValueTextEquals("sent_at"u8);
        var isMessageType = reader.ValueTextEquals("messageType"u8);
        reader.Read();
        var isEmptyText = reader.TokenType == JsonTokenType.String && reader.ValueSpan.IsEmpty;
        var says = reader.TokenType != JsonTokenType.Null && !isEmptyText;
        reader.Skip();
        return new(isLogId ? says : LogId, isSentAt ? says : SentAt, isMessageType || MessageType);
    }
}
