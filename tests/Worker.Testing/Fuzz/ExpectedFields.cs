using System.Globalization;
using System.Text;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Testing.Fuzz;

/// <summary>Holds what is stored of one message against what it said.</summary>
internal static class ExpectedFields
{
    public static void Check(Log log, Expectation expected)
    {
        var content = expected.Content!;
        var withheld = content["save"] is { Kind: not ReferenceKind.Null } save && save.Form != "true";
        log.Withheld.ShouldBe(withheld);
        foreach (var field in LogFields.All)
        {
            if (!Enum.GetValues<MessageKind>().Single(kind => kind.WireName() == expected.Kind).Carries(field))
                continue;
            var isText = field == LogFields.Judgment && !ExpectedVerdict.IsOption(content)
                && content[field.Name] is { Kind: ReferenceKind.String or ReferenceKind.Array };
            var stored = (isText ? log[LogFields.JudgmentText] : log[field]) is { } value
                ? ReferenceReader.Read(value.Utf8.Span, out _).ShouldNotBeNull()
                : null;
            var said = content[field.Name];
            if (said is null or { Kind: ReferenceKind.Null } || (withheld && (field.Payload || isText)))
                stored.ShouldBeNull(field.Name);
            else
                Check(field, said, stored);
        }
    }

    private static void Check(Field field, ReferenceJson said, ReferenceJson? stored)
    {
        switch (field.Type)
        {
            case FieldType.Any:
            case FieldType.Map when said.Kind == ReferenceKind.Object:
            case FieldType.List when said.Kind == ReferenceKind.Array:
            case FieldType.Boolean when said.Kind == ReferenceKind.Boolean:
            case FieldType.Number when said.Kind == ReferenceKind.Number:
            case FieldType.LenientText when said.Kind == ReferenceKind.String:
            case FieldType.Text when said.Kind == ReferenceKind.String && !field.Reference:
                stored.ShouldNotBeNull(field.Name).Form.ShouldBe(said.Form, field.Name);
                break;
            case FieldType.LenientText:
                ReferenceReader.Read(Encoding.UTF8.GetBytes(stored.ShouldNotBeNull(field.Name).Text), out _).ShouldNotBeNull().Form.ShouldBe(said.Form, field.Name);
                break;
            case FieldType.Text when said.Kind == ReferenceKind.String:
                var isDropped = said.Text.Length == 0 || (field != LogFields.Path && Encoding.UTF8.GetByteCount(said.Text) > 255);
                (stored?.Text).ShouldBe(isDropped ? null : said.Text, field.Name);
                break;
            case FieldType.Status when said.Kind == ReferenceKind.String:
                (stored?.Text is null or "complete" or "incomplete").ShouldBeTrue(field.Name);
                break;
            case FieldType.Date when said.Kind is ReferenceKind.String or ReferenceKind.Number:
                CheckDate(field, said, stored);
                break;
            default:
                stored.ShouldBeNull(field.Name);
                break;
        }
    }

    /// <summary>
    /// What .NET takes for a date in one of its own ways is one, to the microsecond; what is stored can always be read
    /// again.
    /// </summary>
    private static void CheckDate(Field field, ReferenceJson said, ReferenceJson? stored)
    {
        if (stored is not null)
            DateTimeOffset.ParseExact(stored.Text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.ffffffK"], CultureInfo.InvariantCulture, DateTimeStyles.None).Offset.ShouldBe(TimeSpan.Zero);
        if (said.Kind == ReferenceKind.String && DateTimeOffset.TryParseExact(said.Text, "yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            (stored?.Text).ShouldBe(said.Text, field.Name);
    }
}
