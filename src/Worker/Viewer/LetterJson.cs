using System.Text;
using System.Text.Unicode;
using Worker.Ingestion;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>
/// Dead letters as the page reads them, their fields named as their headers are on the broker. Instants are
/// microseconds since the Unix epoch.
/// </summary>
internal static class LetterJson
{
    /// <summary>Bytes of a body that are shown; the command shows it whole.</summary>
    private const int MostBody = 256 * 1024;

    private const int MostUnpacked = 4 * 1024 * 1024;
    private const int LongestCharacter = 4;

    public static object Of(LetterList list, bool mayChange) => new
    {
        Letters = list.Newest.Select(Of),
        Reasons = list.Reasons.Select(each => new { Reason = each.Key, Count = each.Value }),
        list.Matching,
        MayChange = mayChange,
    };

    public static object Of(DeadLetter letter) => new
    {
        letter.DeadLetterId,
        letter.Kind,
        letter.Reason,
        letter.Field,
        letter.Detail,
        letter.LogId,
        letter.MessageId,
        FirstReceived = Timestamps.ToMicroseconds(letter.FirstReceived),
        letter.BodyLength,
        letter.Withheld,
        Tries = letter.History[^1].Number,
        Attempts = letter.History.Select(attempt => new
        {
            attempt.Number, At = Timestamps.ToMicroseconds(attempt.At), attempt.Reason, attempt.Detail,
        }),
    };

    /// <summary>What the list does not show of it.</summary>
    public static object Whole(DeadLetter letter)
    {
        var (body, isText, isCut) = Body(letter);
        return new
        {
            letter.ContentType,
            letter.ContentEncoding,
            letter.BodyHash,
            Body = body,
            IsText = isText,
            IsCut = isCut,
        };
    }

    /// <summary>As text, unpacked; what is no text, in hexadecimal. Null where it is withheld.</summary>
    private static (string? Text, bool IsText, bool IsCut) Body(DeadLetter letter)
    {
        if (letter.Body is not { } stored)
            return (null, false, false);
        var (plain, refusal) = ContentEncodings.Undo(
            new InboundMessage
            {
                Body = stored, ContentEncoding = letter.ContentEncoding, ReceivedAt = letter.FirstReceived, Tag = 0,
            },
            MostUnpacked);
        var whole = (refusal is null ? plain : stored).Span;
        var shown = whole[..Math.Min(whole.Length, MostBody)];
        var isCut = shown.Length < whole.Length;
        return refusal is null && IsText(shown, isCut)
            ? (Encoding.UTF8.GetString(shown), true, isCut)
            : (Convert.ToHexStringLower(shown), false, isCut);
    }

    /// <summary>A cut may go through the last character.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes, bool isCut)
    {
        if (bytes.Contains((byte)0))
            return false;
        for (var less = 0; less < (isCut ? LongestCharacter : 1); less++)
        {
            if (Utf8.IsValid(bytes[..^less]))
                return true;
        }

        return false;
    }
}
