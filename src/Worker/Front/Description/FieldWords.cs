namespace Worker.Front.Description;

/// <summary>What the fields of Logs mean.</summary>
internal static class FieldWords
{
    private const string Date = "ISO 8601, or Unix seconds as a number; without a zone it is UTC.";
    private const string AnyText = "What is no text becomes its JSON text.";

    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["log_id"] = "The Log. Whoever names it may log it again without making a second one; else an id is made.",
        ["path"] = "The path of the File, by which it is known; a File that is not there yet is made.",
        ["id"] = "The id of the File; not that of the Log.",
        ["version_id"] = "The Version of the File.",
        ["version_environment"] = "The Environment whose Version is meant; as the query's environment.",
        ["trace_parent_id"] = "The Log under which this one stands, be it there yet or not.",
        ["start_time"] = $"When it began. {Date}",
        ["end_time"] = $"When it ended. {Date}",
        ["created_at"] = $"When it was created, by the program's own account. {Date}",
        ["inputs"] = "What it was given.",
        ["output"] = $"What came out. {AnyText}",
        ["error"] = $"What went wrong. {AnyText}",
        ["stdout"] = $"What was printed meanwhile. {AnyText}",
        ["messages"] = "The messages that a model was given.",
        ["output_message"] = "The message that a model gave.",
        ["provider_latency"] = "How long the provider took, in seconds.",
        ["provider_request"] = "What the provider was sent.",
        ["provider_response"] = "What the provider answered.",
        ["metadata"] = "Anything that is to be kept with the Log.",
        ["source"] = "Where the call came from.",
        ["source_datapoint_id"] = "The datapoint that was run; kept as it is.",
        ["user"] = "The end user.",
        ["history"] = "true: the Log is from before it came here, and no Evaluator judges it.",
        ["environment"] = "A label of the Log; not the Environment of a Version, which is the query's.",
        ["log_status"] =
            "complete or incomplete, in any case; a Log that says incomplete is judged once it is complete.",
        ["trace_status"] = "complete or incomplete, in any case: whether the trace has ended. The same as log_status.",
        ["evaluation_id"] = "Kept as it is.",
        ["run_id"] = "Kept as it is.",
        ["tool"] = "What makes a Version of the Tool: function, source_code, setup_values, attributes.",
        ["flow"] = "What makes a Version of the Flow: attributes.",
        ["prompt"] = "What makes a Version of the Prompt: model, template, and whatever else it says.",
        ["prompt_tokens"] = "Tokens of the prompt.",
        ["output_tokens"] = "Tokens of the output.",
        ["reasoning_tokens"] = "Tokens of the model's reasoning.",
        ["prompt_cost"] = "What the prompt's tokens cost.",
        ["output_cost"] = "What the output's tokens cost.",
        ["finish_reason"] = "Why the model stopped.",
        ["tool_choice"] = "Which Tools the model was to use.",
        ["parent_id"] = "The Log that the verdict is on, be it there yet or not.",
        ["judgment"] = "The verdict; null takes back what this one said before. It has to be one that spec allows.",
        ["spec"] = "What the Evaluator is: evaluator_type, arguments_type, return_type, options, number_limits.",
        ["marked_completed"] = "Whether the review is done.",
        ["save"] = "false: neither inputs nor outputs are kept, at any place. What cannot be read is taken as false.",
        ["sent_at"] = "When this was said, by the program's clock; of two the later counts. Else it is the front's.",
        ["batch_id"] = "A batch that the Log belongs to.",
    };

    public static string Of(string name) => ByName[name];
}
