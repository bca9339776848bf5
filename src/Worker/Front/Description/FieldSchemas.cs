using System.Text.Json.Nodes;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Front.Description;

/// <summary>
/// The fields of Logs as schemas, from the tables by which messages are read and Logs are kept: what is not in those is
/// not in the description.
/// </summary>
internal static class FieldSchemas
{
    /// <summary>The body by which a Log is logged or updated.</summary>
    public static JsonObject Body(MessageKind kind)
    {
        var body = Schema.Object();
        if (!kind.IsUpdate())
            body.Maybe("log_id", Words(Schema.Of("string", "null"), "log_id"));
        foreach (var field in LogFields.All.Where(field => kind.Carries(field)))
            body.Maybe(field.Name, Words(field == LogFields.Judgment ? Judgment() : Sent(field), field.Name));
        foreach (var (name, types) in new[] { ("save", "boolean"), ("sent_at", "string"), ("batch_id", "string") })
            body.Maybe(name, Words(Schema.Of(types, "null"), name));
        if (kind is MessageKind.FlowLogged or MessageKind.FlowLogUpdated)
        {
            // Not kept with a Flow Log: either says that its trace has ended.
            foreach (var name in new[] { "trace_status", LogFields.LogStatus.Name })
                body.Maybe(name, Words(Sent(LogFields.LogStatus), name));
        }

        if (kind == MessageKind.EvaluatorLogged)
            body["required"]!.AsArray().Add(LogFields.JudgedId.Name);
        return body.Open();
    }

    /// <summary>What a field accepts. Anything else is left out, and noted with the Log.</summary>
    public static JsonObject Sent(Field field) => field.Type switch
    {
        FieldType.Text or FieldType.Status => Schema.Of("string", "null"),
        FieldType.LenientText => Schema.Of("string", "number", "boolean", "object", "array", "null"),
        FieldType.Date => Schema.Of("string", "number", "null"),
        FieldType.Number => Schema.Of("number", "null"),
        FieldType.Boolean => Schema.Of("boolean", "null"),
        FieldType.Map => Schema.Of("object", "null"),
        FieldType.List => Schema.Of("array", "null"),
        _ => [],
    };

    /// <summary>What is kept of a field, and so answered; null where it has no value.</summary>
    public static JsonObject Shown(Field field) => Words(
        field.Type switch
        {
            FieldType.Text or FieldType.LenientText => Schema.Of("string", "null"),
            FieldType.Date => Date(),
            FieldType.Status => Status(),
            _ => Sent(field),
        },
        field.Name);

    /// <summary>A moment, or none.</summary>
    public static JsonObject Date()
    {
        var date = Schema.Of("string", "null");
        date["format"] = "date-time";
        return date;
    }

    /// <summary>Of a trace, or of a Log that says one.</summary>
    public static JsonObject Status() => new()
    {
        ["type"] = new JsonArray("string", "null"),
        ["enum"] = new JsonArray(LogStatuses.Complete, LogStatuses.Incomplete, null),
    };

    public static JsonObject Judgment()
    {
        var judgment = Schema.Of("boolean", "number", "string", "array", "null");
        judgment["items"] = Schema.Text();
        return judgment;
    }

    private static JsonObject Words(JsonObject schema, string name) => schema.Saying(FieldWords.Of(name));
}
