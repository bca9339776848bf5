using System.Text.Json.Nodes;

namespace Worker.Front.Description;

/// <summary>What goes wrong, and what became of spans.</summary>
internal static class FaultSchemas
{
    public static void AddTo(JsonObject schemas)
    {
        schemas["Fault"] = Schema.Object(
            ("detail", Schema.Text().Saying("A sentence: what happened, and what to do.")));
        schemas["Invalid"] = Schema.Object(("detail", Schema.List(Schema.Object(
            ("loc", Schema.List(Schema.Text()).Saying("Where: body, query, path or header, and the name.")),
            ("msg", Schema.Text().Saying("A sentence.")),
            ("type", Schema.Text().Saying("What kind of fault, as the service called it."))))));
        schemas["SpansTaken"] = Schema.Object(
            ("records", Schema.List(Schema.Text()).Saying("The Logs that the spans became.")),
            ("partialSuccess", Schema.Object()
                .Maybe("rejectedSpans", Schema.Text().Saying("A number, as OTLP's JSON writes those of 64 bits."))
                .Maybe("errorMessage", Schema.Text().Saying("Why the first of them was rejected."))));
        schemas["SpansRefused"] = Schema.Object(
            ("code", Schema.Integer().Saying("Of gRPC.")), ("message", Schema.Text()));
    }
}
