using System.Buffers;
using System.Text;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Finds a text in what Logs hold, in whatever case: in their JSON as it was sent, and in its names and texts without
/// their escapes. Safe to use from several threads at once.
/// </summary>
internal sealed class PayloadSearch(string text)
{
    /// <summary>What is searched of a Log.</summary>
    public static readonly IReadOnlyList<Field> Payload =
    [
        LogFields.Inputs, LogFields.Output, LogFields.Error, LogFields.Messages, LogFields.OutputMessage,
        LogFields.Stdout, LogFields.ProviderRequest, LogFields.ProviderResponse, LogFields.Metadata,
    ];

    private readonly SearchValues<string> _text = SearchValues.Create([text], StringComparison.OrdinalIgnoreCase);

    public bool IsIn(Log log)
    {
        foreach (var field in Payload)
        {
            if (IsIn(log[field]))
                return true;
        }

        return false;
    }

    public bool IsIn(JsonValue? json)
    {
        if (json is not { } value)
            return false;
        var utf8 = value.Utf8.Span;
        if (IsIn(utf8))
            return true;

        // Without a backslash nothing is escaped, and the JSON has been looked at already.
        if (!utf8.Contains((byte)'\\'))
            return false;
        var reader = new Utf8JsonReader(utf8, new() { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
                && reader.GetString()!.AsSpan().ContainsAny(_text))
                return true;
        }

        return false;
    }

    private bool IsIn(ReadOnlySpan<byte> utf8)
    {
        var characters = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(utf8.Length));
        try
        {
            return characters.AsSpan(0, Encoding.UTF8.GetChars(utf8, characters)).ContainsAny(_text);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
