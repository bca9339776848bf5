using System.Text.Json.Nodes;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Front.Description;

/// <summary>Logs and verdicts as they are answered, from the tables by which they are written.</summary>
internal static class LogSchemas
{
    private static readonly LogKind[] Kinds = Enum.GetValues<LogKind>();

    private static readonly Field[] Sums =
    [
        LogFields.PromptTokens,
        LogFields.OutputTokens,
        LogFields.ReasoningTokens,
        LogFields.PromptCost,
        LogFields.OutputCost,
    ];

    public static string NameOf(LogKind kind) => $"{kind}Log";

    public static void AddTo(JsonObject schemas)
    {
        foreach (var kind in Kinds)
        {
            schemas[NameOf(kind)] = Log(kind);
            schemas[$"{kind}OfLog"] = File(kind);
            schemas[$"{kind}LogTaken"] = Taken(kind);
        }

        schemas["Log"] = Schema.Any([.. Kinds.Select(kind => Schema.Ref(NameOf(kind)))])
            .Saying("Of which kind it is, the name says under which its File stands: tool, prompt, flow or evaluator.");
        schemas["Verdict"] = Verdict();
        schemas["LogPage"] = Schema.Object(
            ("records", Schema.List(Schema.Ref("Log"))),
            ("page", Schema.Integer()),
            ("size", Schema.Integer()),
            ("total", Schema.Integer()));
    }

    private static JsonObject Log(LogKind kind)
    {
        return Shared(kind)
            .Always("trace_status", FieldSchemas.Status())
            .Always("log_status", FieldSchemas.Status())
            .Always("evaluator_logs", Schema.List(Schema.Ref("Verdict")).Saying("The verdicts on it."))
            .Always(
                "trace_children",
                Schema.List(Schema.Ref("Log")).Saying("What is directly under it, each with what is under that."));
    }

    /// <summary>One of the worker's own Evaluators, or one from outside: that has no revision.</summary>
    private static JsonObject Verdict() => Shared(LogKind.Evaluator)
        .Maybe("trace_status", FieldSchemas.Status())
        .Maybe("log_status", FieldSchemas.Status())
        .Always(
            "revision",
            Schema.Of("integer", "null").Saying("Of the content that was judged; null for a verdict from outside."))
        .Maybe("reason", Schema.Text().Saying("Why, in the Evaluator's own words."))
        .Maybe("details", Schema.Object().Open().Saying("What else an Evaluator that was called has said."))
        .Maybe("superseded", Schema.Flag().Saying("Whether later content was judged since; with revisions=all."))
        .Always("evaluator_logs", Schema.List([]).Saying("Empty: they are where the verdict is read by its own id."))
        .Always("trace_children", Schema.List([]).Saying("Empty: they are where the verdict is read by its own id."));

    private static JsonObject Shared(LogKind kind)
    {
        var log = Schema.Object(("id", Schema.Text().Saying("The Log.")));
        if (kind == LogKind.Evaluator)
            log.Always("parent_id", Schema.Of("string", "null").Saying("The Log that the verdict is on."))
                .Always("judgment", FieldSchemas.Judgment());
        log.Always(kind.WireName(), Schema.Ref($"{kind}OfLog"))
            .Always("start_time", FieldSchemas.Date())
            .Always("end_time", FieldSchemas.Date());
        foreach (var field in LogJson.CommonFields)
            log.Always(field.Name, FieldSchemas.Shown(field));
        log.Always("inputs", FieldSchemas.Shown(LogFields.Inputs))
            .Always("batches", Schema.List(Schema.Text()))
            .Always("save", Schema.Flag())
            .Always("trace_flow_id", Schema.Of("string", "null").Saying("The File of the outermost Flow Log."))
            .Always("trace_id", Schema.Of("string", "null").Saying("The outermost Flow Log."));
        foreach (var field in LogJson.LaterFields.Concat(Sums))
            log.Maybe(field.Name, FieldSchemas.Shown(field));
        return log.Maybe(
            "problems",
            Schema.List(Schema.Text()).Saying("What was left out of what was sent, and what else was odd."));
    }

    /// <summary>The File of a Log, with the Version that the Log has.</summary>
    private static JsonObject File(LogKind kind) => FileSchemas.Details(kind, Schema.Object())
        .Always("id", Schema.Text())
        .Always("path", Schema.Text())
        .Always("name", Schema.Text())
        .Always("version_id", Schema.Text().Saying("Empty where it is not known yet."))
        .Maybe("unresolved", Schema.Text().Saying("What the Log waits for."))
        .Always("created_at", Schema.Time())
        .Always("updated_at", Schema.Time())
        .Always("last_used_at", Schema.Time())
        .Always("version_logs_count", Schema.Integer())
        .Always("total_logs_count", Schema.Integer())
        .Open();

    private static JsonObject Taken(LogKind kind)
    {
        var taken = Schema.Object(
            ("id", Schema.Text().Saying("The Log.")),
            ($"{kind.WireName()}_id", Schema.Text().Saying("Its File; empty where none was named.")),
            ("version_id", Schema.Text().Saying("Empty where it is not known yet.")));
        if (kind == LogKind.Evaluator)
            taken.Always("parent_id", Schema.Text().Saying("The judged Log.")).Always("session_id", Schema.Null());
        if (kind == LogKind.Flow)
            taken.Always("trace_status", FieldSchemas.Status()).Always("log_status", FieldSchemas.Status());
        return taken;
    }
}
