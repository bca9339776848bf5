using System.Text.Json.Nodes;
using Worker.Front.Calls;
using Worker.Traces;

namespace Worker.Front.Description;

/// <summary>What the description says of calling Prompts.</summary>
internal static class CallOperations
{
    private static readonly (string, string)[] Again = [("Retry-After", "Seconds.")];

    public static IEnumerable<(string Route, Operation Operation)> All() =>
    [
        ("POST /v5/prompts/call", new("call_prompt", "Prompts", "Call a Prompt")
        {
            Words = "Asks a model of a provider that the operator configured, and logs that as a Prompt Log. "
                + "With stream it is answered as the model speaks, by server-sent events that end with [DONE].",
            Parameters =
            [
                Parameter.Query("version_id", "The Version of the Prompt; wins over environment."),
                Parameter.Query("environment", "The Environment whose Version is called. That of the body is a label."),
                Parameter.Header("Idempotency-Key", "Without a log_id, this makes it: sent again, it is the same Log."),
            ],
            Body = Body(),
            Answers =
            [
                Answer.Ok("What the model said; the Log of it is not lost.", Schema.Ref("CalledPrompt")) with
                {
                    Types = ["application/json", CallStream.Type],
                },
                Answer.Fault(
                    400,
                    "The provider refused the call, the key, the model or the account; the Log says so. " +
                    "Or the body broke off."),
                Answer.Fault(404, "There is no such Prompt, or not that Version, or nothing deployed there."),
                Answer.Fault(408, "The body came too slowly."),
                Answer.Fault(409, "The log_id is that of a Log of another kind, or of one that was deleted."),
                Answer.Fault(
                    413,
                    "The body is larger than Ingestion:MaxMessageBytes allows, with room for an answer, " +
                    "or than the key does."),
                Answer.Invalid(
                    "The body says what cannot be called: an input is missing, or the model, " +
                    "or the provider is not configured."),
                Answer.Fault(
                    429,
                    "The provider is asked too often, and the Log says so; " +
                    "or the key asks more often than it may.") with
                {
                    Headers = Again,
                },
                Answer.Fault(501, "Front:Calls is 0."),
                Answer.Fault(502, "The provider failed; the Log says so."),
                Answer.Fault(
                    503,
                    "As many are being called as Front:Calls allows; " +
                    "or what came of the call could not be logged.") with
                {
                    Headers = Again,
                },
                Answer.Fault(504, "The provider took longer than Front:CallTimeout; the Log says so."),
            ],
        }),
    ];

    public static void AddTo(JsonObject schemas)
    {
        var called = Schema.Object(
            ("id", Schema.Text().Saying("The Log.")),
            ("log_id", Schema.Text()),
            ("trace_id", Schema.Of("string", "null").Saying("The outermost Flow Log above, where it is stored.")),
            ("prompt", Schema.Ref("Prompt")),
            ("start_time", FieldSchemas.Date()),
            ("end_time", FieldSchemas.Date()),
            ("messages", Schema.List(Schema.Map().Open())),
            ("tool_choice", FieldSchemas.Shown(LogFields.ToolChoice)),
            ("inputs", Schema.Map().Open().Saying("Empty with return_inputs false.")),
            ("log_status", FieldSchemas.Status()),
            ("save", Schema.Flag()),
            ("logs", Schema.List(Sample())));
        foreach (var field in CallAnswer.Fields)
            called.Always(field.Name, FieldSchemas.Shown(field));
        schemas["CalledPrompt"] = called;
    }

    private static JsonObject Sample()
    {
        var sample = Schema.Object(("index", Schema.Integer()));
        foreach (var field in CalledModel.Fields)
            sample.Always(field.Name, FieldSchemas.Shown(field));
        return sample;
    }

    private static JsonObject Body()
    {
        var body = Schema.Object();
        foreach (var name in CallLog.Kept)
            body.Maybe(name, Sent(name));
        return body
            .Maybe("provider_api_keys", Schema.Of("object", "null")
                .Saying("By the name of the provider; for this call alone, and kept nowhere."))
            .Maybe("stream", Schema.Of("boolean", "null").Saying("Whether it is answered as the model speaks."))
            .Maybe("return_inputs", Schema.Of("boolean", "null"))
            .Maybe("num_samples", Schema.Of("integer", "null").Saying("1."))
            .Maybe(
                "logprobs",
                Schema.Of("integer", "null").Saying("Of so many tokens, in the Log's provider_response."))
            .Maybe(
                "end_time",
                Schema.Of("string", "number", "null").Saying("Taken, and not kept: the call ends when it ends."))
            .Open();
    }

    private static JsonObject Sent(string name) => LogFields.Find(name) is { } field
        ? FieldSchemas.Sent(field).Saying(FieldWords.Of(name))
        : Schema.Of(name == "save" ? "boolean" : "string", "null").Saying(FieldWords.Of(name));
}
