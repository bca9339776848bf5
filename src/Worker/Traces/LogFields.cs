using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace Worker.Traces;

/// <summary>
/// Every field that a Log can hold, for all kinds. <c>save</c>, <c>batch_id</c>, <c>trace_status</c>, <c>log_id</c> and
/// <c>sent_at</c> are not here: they are not "last value wins" (see <see cref="Log"/>).
/// </summary>
internal static class LogFields
{
    private static readonly List<Field> Collected = [];

    public static readonly Field Path = Add("path", FieldType.Text, reference: true, request: true);

    /// <summary>The wire's <c>id</c>: the File, not the Log.</summary>
    public static readonly Field FileId = Add("id", FieldType.Text, reference: true, request: true);

    public static readonly Field VersionId = Add("version_id", FieldType.Text, reference: true, request: true);
    public static readonly Field VersionEnvironment = Add(
        "version_environment", FieldType.Text, reference: true, request: true);
    public static readonly Field TraceParentId = Add("trace_parent_id", FieldType.Text, reference: true);
    public static readonly Field StartTime = Add("start_time", FieldType.Date);
    public static readonly Field EndTime = Add("end_time", FieldType.Date);
    public static readonly Field CreatedAt = Add("created_at", FieldType.Date);
    public static readonly Field Inputs = Add("inputs", FieldType.Map, payload: true);
    public static readonly Field Output = Add("output", FieldType.LenientText, payload: true);
    public static readonly Field Error = Add("error", FieldType.LenientText, payload: true);
    public static readonly Field Stdout = Add("stdout", FieldType.LenientText, payload: true);
    public static readonly Field Messages = Add("messages", FieldType.List, payload: true);
    public static readonly Field OutputMessage = Add("output_message", FieldType.Map, payload: true);
    public static readonly Field ProviderLatency = Add("provider_latency", FieldType.Number);
    public static readonly Field ProviderRequest = Add("provider_request", FieldType.Map, payload: true);
    public static readonly Field ProviderResponse = Add("provider_response", FieldType.Map, payload: true);
    public static readonly Field Metadata = Add("metadata", FieldType.Map);
    public static readonly Field Source = Add("source", FieldType.Text);
    public static readonly Field SourceDatapointId = Add("source_datapoint_id", FieldType.Text);
    public static readonly Field User = Add("user", FieldType.Text);
    public static readonly Field Environment = Add("environment", FieldType.Text);
    public static readonly Field LogStatus = Add("log_status", FieldType.Status);
    public static readonly Field EvaluationId = Add("evaluation_id", FieldType.Text);
    public static readonly Field RunId = Add("run_id", FieldType.Text);
    public static readonly Field Tool = Add("tool", FieldType.Map, request: true);
    public static readonly Field Flow = Add("flow", FieldType.Map, request: true);
    public static readonly Field Prompt = Add("prompt", FieldType.Any, request: true);
    public static readonly Field PromptTokens = Add("prompt_tokens", FieldType.Number);
    public static readonly Field OutputTokens = Add("output_tokens", FieldType.Number);
    public static readonly Field ReasoningTokens = Add("reasoning_tokens", FieldType.Number);
    public static readonly Field PromptCost = Add("prompt_cost", FieldType.Number);
    public static readonly Field OutputCost = Add("output_cost", FieldType.Number);
    public static readonly Field FinishReason = Add("finish_reason", FieldType.Text);
    public static readonly Field ToolChoice = Add("tool_choice", FieldType.Any);

    /// <summary>The wire's <c>parent_id</c>: the Log that an Evaluator Log is a verdict on.</summary>
    public static readonly Field JudgedId = Add("parent_id", FieldType.Text, reference: true);

    /// <summary>A judgment that is not free text. Unset where the judgment is free text, or was taken back.</summary>
    public static readonly Field Judgment = Add("judgment", FieldType.Any);

    /// <summary>
    /// The wire's <c>judgment</c> where it is, or may be, free text. A message sets one of the two fields and unsets
    /// the other, so that together they are one value with one stamp. Only this one is payload: <c>save: false</c>
    /// drops it.
    /// </summary>
    public static readonly Field JudgmentText = Add("judgment_text", FieldType.Any, payload: true);

    public static readonly Field Spec = Add("spec", FieldType.Map, request: true);
    public static readonly Field MarkedCompleted = Add("marked_completed", FieldType.Boolean);

    /// <summary>The Log is from before it came here: it is kept and shown, and no Evaluator judges it.</summary>
    public static readonly Field History = Add("history", FieldType.Boolean);

    /// <summary>What only Evaluator Logs have.</summary>
    public static readonly IReadOnlyList<Field> OfVerdicts = [JudgedId, Judgment, JudgmentText, Spec, MarkedCompleted];

    /// <summary>
    /// What a Log in a picture of its trace is drawn from. A judgment has only a verdict, which heads its picture.
    /// </summary>
    public static readonly IReadOnlyList<Field> Drawn =
    [
        Path, TraceParentId, StartTime, EndTime, LogStatus, PromptTokens, OutputTokens, ReasoningTokens, PromptCost,
        OutputCost, Judgment, JudgmentText,
    ];

    // A stored document has its fields in this order: new ones are added at the end.
    public static readonly ImmutableArray<Field> All = [.. Collected];

    /// <summary>The fields that take part in finding the Version.</summary>
    public static readonly IReadOnlyList<Field> Requests = [.. Collected.Where(field => field.Request)];

    private static readonly FrozenDictionary<string, Field> ByName = Collected.ToFrozenDictionary(field => field.Name);

    private static readonly bool[] AreDrawn = [.. Collected.Select(field => Drawn.Contains(field))];

    private static readonly FrozenDictionary<string, Field>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The field of that name, or null when a Log has none.</summary>
    public static Field? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether it is among <see cref="Drawn"/>.</summary>
    public static bool IsDrawn(Field field) => AreDrawn[field.Index];

    /// <summary>As <see cref="Find(string)"/>, without allocating.</summary>
    public static Field? Find(ReadOnlySpan<byte> utf8Name)
    {
        Span<char> name = stackalloc char[32];
        if (utf8Name.Length > name.Length || !Encoding.UTF8.TryGetChars(utf8Name, name, out var length))
            return null;
        return BySpan.TryGetValue(name[..length], out var field) ? field : null;
    }

    private static Field Add(
        string name, FieldType type, bool payload = false, bool reference = false, bool request = false)
    {
        var field = new Field(Collected.Count, name, type, payload, reference, request);
        Collected.Add(field);
        return field;
    }
}
