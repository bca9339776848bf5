using FsCheck;
using FsCheck.Fluent;
using Worker.Traces;

namespace Worker.Testing.Fuzz;

/// <summary>
/// Bodies with any field in any state: right, odd, of the wrong type, twice, null, in an envelope, in no object at all.
/// </summary>
internal static class HostileBody
{
    private static readonly Gen<string> Dates = Gen.OneOf(
        HostileJson.Number,
        Gen.Elements(
            "\"2026-01-02T03:04:05.678901Z\"", "\"2026-01-02T03:04:05,5Z\"", "\"2026-01-02\"", "\"2026-01-02 03:04\"", "\"2026-01-02t03:04:05z\"",
            "\"2026-01-02T03:04:05.123456789012345678901234567890+14:00\"", "\"2026-01-02T03:04:05-23:59\"", "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+00:01\"",
            "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-00:01\"", "\"2024-02-29\"", "\"2023-02-29\"", "\"2024-13-01\"", "\"0000-00-00\"", "\"\"", "\" \"",
            "\"2026-01-02T24:00:00Z\"", "\"2026-01-02T23:59:60Z\"", "\"+010000-01-01\"", "\"1767323045\"", "\"now\"", "\"2026\\u002d01-02\"", "\"\u0662\u0660\u0662\u0664-01-01\""));

    private static readonly Gen<string> Statuses = Gen.Elements(
        "\"complete\"", "\"COMPLETE\"", "\"Completed\"", "\"TraceStatus.COMPLETE\"", "\"LogStatus.complete\"", "\"incomplete\"", "\"LogStatus.INCOMPLETE\"", "\"done\"",
        "\"\"", "\"\\u0063omplete\"", "\"complete\\u0000\"", "\"\\ud800.complete\"");

    private static readonly Gen<string> References = Gen.Frequency(
        (3, HostileJson.Text),
        (2, Gen.Elements(
            "\"\"",
            "\"v-1\"",
            "\"production\"",
            "\"/\"",
            "\"support/find order\"",
            "\"odd/\\ufffe\"",
            "\"e\\u0301\\ufffe/\\ud800\"",
            "\"**\"")),
        (1, Gen.Elements(85, 86, 127, 128, 255, 256, 5000).Select(length => $"\"{new string('漢', length)}\"")));

    private static readonly Gen<string> Details = Gen.OneOf(
        HostileJson.Object,
        Gen.Elements(
            "{\"function\":{\"name\":\"f\",\"name\":\"g\",\"strict\":null,\"parameters\":{}},\"source_code\":\"\"}", "{\"attributes\":{\"a\":1,\"a\":2}}",
            "{\"function\":\"f\",\"function\":{\"function\":{}}}", "{\"attributes\":{\"n\":1000e79228162514264337593543950335}}", "{\"model\":\"m\",\"\":{},\"$x\":[]}", "{ }"));

    private static readonly Gen<string> Judgments = Gen.Frequency(
        (6, Gen.Elements("true", "false", "null", "0.5", "3", "\"good\"", "\"a text\"", "[]", "[\"good\",\"bad\"]")),
        (2, HostileJson.Number),
        (2, HostileJson.Text),
        (1, Gen.Elements("NaN", "Infinity", "{}", "[1]", "[null]", "[\"a\",NaN]", "[[\"a\"]]")));

    private static readonly Gen<string> Specs = Gen.OneOf(
        HostileJson.Object,
        Gen.Elements(
            "{\"return_type\":\"boolean\",\"evaluator_type\":\"human\"}", "{\"return_type\":\"number\",\"number_limits\":{\"min\":0,\"max\":1e400}}",
            "{\"return_type\":\"select\",\"options\":[{\"name\":\"good\"},{\"name\":\"b\\u0061d\"},7]}", "{\"return_type\":\"multi_select\"}",
            "{\"return_type\":\"text\",\"options\":{}}", "{\"return_type\":\"stars\"}", "{\"return_type\":null,\"return_type\":\"text\"}",
            "{\"return_type\":\"number\",\"number_limits\":[]}"));

    private static readonly Gen<string> Saves = Gen.Frequency(
        (10, Gen.Constant("true")), (1, Gen.Elements("false", "null", "NaN", "\"false\"", "0", "{}")));

    private static readonly Gen<string> Wrong = Gen.Frequency(
        (3, HostileJson.Value), (1, Gen.Constant("null")), (1, HostileJson.Extreme));

    /// <summary>The text of one body, well formed but for Python's words for no number.</summary>
    public static Gen<string> Of(HostileIds ids) =>
        from message in Message(ids)
        from envelope in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from types in Gen.Elements(
            "[\"urn:message:Worker.Contracts:ToolLogged\"]",
            "[1,null,{\"a\":[]},\"urn:x:FlowLogUpdated\"]",
            "[]",
            "\"urn:message:ToolLogged\"",
            "[\"\\ufffe\"]")
        from sentTime in Dates
        from messageId in Gen.OneOf(ids.MessageId.Select(id => $"\"{id}\""), Wrong)
        from other in Gen.Frequency((20, Gen.Constant("")), (1, Wrong))
        select other.Length > 0 ? other : (envelope ? $"{{\"messageType\":{types},\"messageId\":{messageId},\"sentTime\":{sentTime},\"message\":{message}}}" : message);

    private static Gen<string> Message(HostileIds ids) =>
        from fields in Gen.CollectToArray(LogFields.All.Except([LogFields.JudgedId]).Select(field => Member(field.Name, Good(field, ids))))
        from judged in Gen.Frequency(
            (8, Present("parent_id", Gen.OneOf(ids.LogId, Gen.Elements($"\"{ids.Parent}\"", $"\"{ids.Shared}\"")))),
            (1, Present("parent_id", Gen.OneOf(References, Wrong))),
            (1, Gen.Constant("")))
        from logId in Gen.Frequency(
            (8, Present("log_id", ids.LogId)), (1, Present("log_id", Wrong)), (2, Gen.Constant("")))
        from save in Member("save", Saves)
        from sentAt in Member("sent_at", Dates)
        from batchId in Member("batch_id", References)
        from traceStatus in Member("trace_status", Statuses)
        from unknown in Member(null, HostileJson.Value)
        from again in Gen.Frequency(
            (4, Gen.Constant("")), (1, Member("output", HostileJson.Value)), (1, Member("inputs", HostileJson.Object)))
        from members in Gen.Shuffle([.. fields, judged, logId, save, sentAt, batchId, traceStatus, unknown, again])
        select $"{{{string.Join(',', members.Where(member => member.Length > 0))}}}";

    private static Gen<string> Good(Field field, HostileIds ids) => field.Type switch
    {
        _ when field == LogFields.TraceParentId => Gen.Frequency(
            (3, Gen.Constant($"\"{ids.Parent}\"")), (1, Gen.Constant($"\"{ids.Shared}\"")), (1, References)),
        _ when field == LogFields.Tool || field == LogFields.Flow || field == LogFields.Prompt => Details,
        _ when field == LogFields.Judgment => Judgments,
        _ when field == LogFields.Spec => Specs,
        _ when field.Reference => References,
        FieldType.Boolean => Gen.Elements("true", "false"),
        FieldType.Date => Dates,
        FieldType.Map => HostileJson.Object,
        FieldType.List => HostileJson.Array,
        FieldType.Number => HostileJson.Number,
        FieldType.Status => Statuses,
        FieldType.Text => HostileJson.Text,
        _ => HostileJson.Value,
    };

    /// <summary>Mostly absent, mostly right where it is there.</summary>
    private static Gen<string> Member(string? name, Gen<string> good) => Gen.Frequency(
        (60, Gen.Constant("")), (32, Present(name, good)), (8, Present(name, Wrong)));

    private static Gen<string> Present(string? name, Gen<string> values) =>
        from value in values
        from spelled in name is null ? HostileJson.Name : Gen.Frequency((20, Gen.Constant($"\"{name}\"")), (1, Gen.Constant($"\"\\u{(int)name[0]:x4}{name[1..]}\"")))
        from white in Gen.Frequency((5, Gen.Constant("")), (1, Gen.Constant(" \n")))
        select $"{white}{spelled}{white}:{white}{value}{white}";
}
