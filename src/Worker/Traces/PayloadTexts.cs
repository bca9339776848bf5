using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Worker.Traces;

/// <summary>
/// What of a Log is text to be searched: the JSON of some of its fields as it was sent, and in it names and texts
/// without their escapes.
/// </summary>
internal static class PayloadTexts
{
    public static readonly IReadOnlyList<Field> Fields =
    [
        LogFields.Inputs, LogFields.Output, LogFields.Error, LogFields.Messages, LogFields.OutputMessage,
        LogFields.Stdout, LogFields.ProviderRequest, LogFields.ProviderResponse, LogFields.Metadata,
    ];

    /// <summary>Says whether it is what is looked for; the characters are lent for as long as that takes.</summary>
    public delegate bool Look(ReadOnlySpan<char> text);

    /// <summary>Whether one of the texts is what is looked for; those after it are not shown.</summary>
    public static bool Any(JsonValue json, Look look)
    {
        var utf8 = json.Utf8.Span;
        if (IsSent(utf8, look))
            return true;

        // Without a backslash nothing is escaped, and the JSON has been looked at already.
        if (!utf8.Contains((byte)'\\'))
            return false;
        var reader = new Utf8JsonReader(utf8, new() { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
                && look(reader.GetString()))
                return true;
        }

        return false;
    }

    /// <summary>
    /// All that there is to be found in the Log, in capitals, a line each, for an index in which case counts.
    /// </summary>
    /// <param name="most">Characters from which on no more are taken.</param>
    /// <param name="isCut">Whether there is more.</param>
    public static string Capitals(Log log, int most, out bool isCut)
    {
        var all = new StringBuilder();
        isCut = Fields.Any(field => log[field] is { } json && Any(json, Take));
        return Capitals(all.ToString());

        bool Take(ReadOnlySpan<char> text)
        {
            var fits = text.Length <= most - all.Length;
            all.Append(fits ? text : text[..(most - all.Length)]).Append('\n');
            return !fits;
        }
    }

    /// <summary>Two texts that <see cref="PayloadSearch"/> takes for the same have the same.</summary>
    public static string Capitals(string text) => text.ToUpperInvariant();

    private static bool IsSent(ReadOnlySpan<byte> utf8, Look look)
    {
        var characters = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(utf8.Length));
        try
        {
            return look(characters.AsSpan(0, Encoding.UTF8.GetChars(utf8, characters)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
