using System.Globalization;
using System.Text.Json.Nodes;
using Worker.Front.Otlp;

namespace Worker.Front.Description;

/// <summary>What the description says of spans, and of itself.</summary>
internal static class SpanOperations
{
    private const string Json = "application/json";
    private const string Protobuf = "application/x-protobuf";

    private static readonly string[] Types = [Json, Protobuf];

    private static readonly string Most = OtlpLimits.Spans.ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<(string Route, Operation Operation)> All() =>
    [
        ("POST /v1/traces", Export("export_spans", "Export spans over OTLP/HTTP")),
        ("POST /v5/import/otel/v1/traces", Export("import_spans", "Export spans, as the service's clients do")),
        ("GET " + DescriptionEndpoints.Path, new("get_description", "Description", "This document")
        {
            Words = "It holds no secret, and is read without a key.",
            Answers = [Answer.Ok("OpenAPI 3.1.", Schema.Map().Open())],
        }),
    ];

    private static Operation Export(string id, string summary) => new(id, "Spans", summary)
    {
        Words = "ExportTraceServiceRequest in JSON or protobuf, as it is or as Content-Encoding gzip or deflate. "
            + $"No more than {Most} spans at once. Each becomes a Log, and sent again it is the same Log.",
        Body = Schema.Object().Maybe("resourceSpans", Schema.List(Schema.Map().Open())).Open(),
        BodyTypes = Types,
        Answers =
        [
            Answer.Ok("What became of them. What was rejected must not be sent again.", Schema.Ref("SpansTaken")) with
            {
                Types = Types,
            },
            new(400, "The body is no export.", Refused()) { Types = Types },
            Answer.Fault(408, "The body came too slowly."),
            new(413, "The body is too large, as it comes or unpacked; or there are too many spans.", Refused())
            {
                Types = Types,
            },
        ],
    };

    private static JsonObject Refused() => Schema.Any(Schema.Ref("SpansRefused"), Schema.Ref("Fault"));
}
