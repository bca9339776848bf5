using System.Globalization;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Front.Description;

/// <summary>What the description says of Logs.</summary>
internal static class LogOperations
{
    private const string Tag = "Logs";

    private const string Unread =
        "A field of another type is left out and listed in the Log's problems; the Log is taken. " +
        "Others than these are ignored.";

    private const string Known = "stored; or update, where it is not stored yet and the update alone is answered.";

    private static readonly string Newest = LogLister.MaxLookedAt.ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<(string Route, Operation Operation)> All() =>
    [
        Log(MessageKind.ToolLogged, LogKind.Tool),
        Log(MessageKind.PromptLogged, LogKind.Prompt),
        Log(MessageKind.FlowLogged, LogKind.Flow),
        Log(MessageKind.EvaluatorLogged, LogKind.Evaluator),
        Update("PATCH /v5/tools/{id}/log/{log_id}", MessageKind.ToolLogUpdated, LogKind.Tool, []),
        Update("PATCH /v5/prompts/{id}/log/{log_id}", MessageKind.PromptLogUpdated, LogKind.Prompt, []),
        Update("PATCH /v5/flows/logs/{log_id}", MessageKind.FlowLogUpdated, LogKind.Flow, Versions()),
        ("GET /v5/logs/{id}", Read()),
        ("GET /v5/logs", List()),
        ("DELETE /v5/logs", Delete()),
    ];

    private static (string, Operation) Log(MessageKind message, LogKind kind) => (
        $"POST /v5/{kind.WireName()}s/log",
        new($"log_{kind.WireName()}", Tag, kind == LogKind.Evaluator ? "Log a verdict" : $"Log a call of a {kind}")
        {
            Words = "Answered when it is durable, and not yet stored: reading it may be 404 for a moment. "
                + "Content-Encoding may be gzip or deflate. " + (kind == LogKind.Evaluator
                    ? "Logged again under the same log_id, the verdict says what it says by now."
                    : "null is as good as absent."),
            Parameters =
            [
                .. Versions(),
                Parameter.Header("Idempotency-Key", "Without a log_id, this makes it: sent again, it is the same Log."),
            ],
            Body = FieldSchemas.Body(message).Saying(Unread),
            Answers =
            [
                Answer.Ok("Taken; it is not lost.", Schema.Ref($"{kind}LogTaken")),
                .. Bodies.Unreadable,
                Answer.Fault(409, "The log_id is that of a Log of another kind, or of one that was deleted."),
                Bodies.TooLarge,
                Answer.Invalid(
                    "The body is no JSON object, nests too deep, has an id that cannot be one, " +
                    "or no verdict that can be kept."),
            ],
        });

    private static (string, Operation) Update(
        string route, MessageKind message, LogKind kind, IReadOnlyList<Parameter> parameters) => (
        route,
        new($"update_{kind.WireName()}_log", Tag, $"Update a {kind} Log")
        {
            Words = "What is absent is kept, null unsets. The Log need not be there yet. " + (kind == LogKind.Flow
                ? "A trace is complete when that was asked for and its Flow Log has had an output or an error; " +
                    "then it is judged."
                : "Which File the path names is not looked at: the Log knows its own."),
            Parameters = parameters,
            Body = FieldSchemas.Body(message).Saying(Unread),
            Answers =
            [
                Answer.Ok("The Log as it is stored, with the update over it.", Schema.Ref(LogSchemas.NameOf(kind))) with
                {
                    Headers = [("Worker-Known", Known)],
                },
                .. Bodies.Unreadable,
                Answer.Fault(404, "The Log was deleted."),
                Answer.Fault(409, "It is a Log of another kind."),
                Bodies.TooLarge,
                Answer.Invalid("The body is no JSON object, nests too deep, or has an id that cannot be one."),
            ],
        });

    private static Operation Read() => new("get_log", Tag, "Read a Log with its verdicts and everything under it")
    {
        Parameters =
        [
            Parameter.Query("revisions", "all: superseded verdicts, too."),
            Parameter.Header("Prefer", "wait=5: wait so many seconds at most until what was logged here is stored."),
        ],
        Answers =
        [
            Answer.Ok("The Log.", Schema.Ref("Log")) with
            {
                Headers =
                [
                    ("Worker-Known", "stored; or part, where something that was logged here is not stored yet."),
                    ("Preference-Applied", "The wait that was asked for."),
                ],
            },
            Answer.Fault(404, "It is not stored, or was deleted."),
        ],
    };

    private static Operation List() => new("list_logs", Tag, "List the Logs of a File, newest first")
    {
        Words =
            "By time alone the store's index answers; anything else looks at each Log, " +
            $"at the newest {Newest} at most.",
        Parameters =
        [
            Parameter.Query("file_id", "The File.") with { IsRequired = true },
            .. Paging.Parameters,
            Parameter.Query("start_date", "From then on; ISO 8601 or Unix seconds."),
            Parameter.Query("end_date", "Before then."),
            Parameter.Query("version_id", "Of that Version alone."),
            Parameter.Query("id", "Part of the Log's id.", Schema.List(Schema.Text())),
            Parameter.Query("search", "In inputs, output and messages, in any case."),
            Parameter.Query("metadata_search", "In the metadata, in any case."),
            Parameter.Query("in_trace_filter", "Whether it is a Flow Log or has a parent.", Schema.List(Schema.Flag())),
            Parameter.Query("sample", "So many of them, the same ones for every page.", Schema.Integer()),
            Parameter.Query("include_parent", "Taken, and changes nothing.", Schema.Flag()),
            Parameter.Query("include_trace_children", "With what is under each.", Schema.Flag()),
        ],
        Answers =
        [
            Answer.Ok("A page of Logs.", Schema.Ref("LogPage")) with
            {
                Headers = [("Worker-Searched", "There where not every Log of the File was looked at.")],
            },
            Answer.Fault(404, "The key is not for that File."),
            Answer.Invalid("file_id is missing, or something cannot be."),
        ],
    };

    private static Operation Delete() => new("delete_logs", Tag, "Delete Logs with their verdicts")
    {
        Parameters =
        [
            Parameter.Query("id", "The Log; once or more.", Schema.List(Schema.Text())) with { IsRequired = true },
        ],
        Answers =
        [
            Answer.Nothing("They are gone, or will be in a moment."),
            Answer.Fault(404, "The key is not for one of them."),
            Answer.Invalid("id is missing, or cannot be one."),
        ],
    };

    private static Parameter[] Versions() =>
    [
        Parameter.Query("version_id", "The Version of the File; wins over environment."),
        Parameter.Query("environment", "The Environment whose Version is meant. That of the body is a label."),
    ];
}
