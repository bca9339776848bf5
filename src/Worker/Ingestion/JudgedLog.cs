using System.Text;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>The Log that a verdict is on: a verdict has to name it.</summary>
internal static class JudgedLog
{
    private static readonly string Name = LogFields.JudgedId.Name;

    /// <summary>Null where it names one, be it there yet or not.</summary>
    public static Refusal? Refuse(JsonPart part) => part switch
    {
        _ when part.IsNothing || FieldReader.IsEmptyName(LogFields.JudgedId, part) => new(
            RefusalReason.MissingField, Name, $"A verdict has to say which Log it is on; send {Name}."),
        { Type: not JsonTokenType.String } => new(
            RefusalReason.WrongType, Name, $"{Name} is {part.Description}; it has to be a string."),
        _ when Encoding.UTF8.GetByteCount(part.Text!) > MessageDecoder.MaxIdBytes => new(
            RefusalReason.IdTooLong,
            Name,
            $"{Name} has more than {MessageDecoder.MaxIdBytes} UTF-8 bytes; shorten it."),
        _ => null,
    };
}
