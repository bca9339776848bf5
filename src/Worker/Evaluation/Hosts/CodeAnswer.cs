using System.Text;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Evaluation.Hosts;

/// <summary>Says what a call's end means. Whatever the code did is an answer; nothing here throws.</summary>
/// <param name="section">Of the options, in the configuration.</param>
/// <param name="returns">What the Evaluator says that it returns.</param>
internal sealed class CodeAnswer(string section, ReturnType returns)
{
    private const string NoAnswer =
        "The code wrote something of its own where its answer goes; return the judgment instead.";

    /// <summary>What a child ends with when its answer has nowhere to go.</summary>
    private const int NowhereToGo = 70;

    public EvaluatorAnswer Of(CodeReply reply, CodeRequest request) =>
        (Problem(reply, request) is { } problem ? Failed(problem) : Read(reply.Result, request)) with
        {
            Stdout = reply.Output.Length == 0 ? null : Encoding.UTF8.GetString(reply.Output),
        };

    private string? Problem(CodeReply reply, CodeRequest request) => reply switch
    {
        { Outcome: CodeOutcome.TimedOut } => FormattableString.Invariant(
            $"The code was ended after {request.Timeout.TotalSeconds:0.###} s, its timeout."),
        { Outcome: CodeOutcome.TooMuchOutput } =>
            $"The code was ended because it printed more than {request.OutputBytes} bytes, " +
            $"which {section}:OutputBytes allows.",
        { Outcome: CodeOutcome.TooLargeResult } =>
            $"The judgment and its reason are larger than {request.ResultBytes} bytes, " +
            $"which {section}:ResultBytes allows.",
        { ExitCode: < 0 } => $"The code's process was ended by {Signal(-reply.ExitCode)} before it answered.",
        { ExitCode: NowhereToGo } => "The code gave no answer: it closed what its answer goes through.",
        { ExitCode: > 0 } => $"The code ended its process, with exit code {reply.ExitCode}, before it answered.",
        { Result.Length: 0 } => "The code ended its process before it answered.",
        _ => null,
    };

    private EvaluatorAnswer Read(byte[] result, CodeRequest request)
    {
        try
        {
            var said = JsonElement.Parse(result);
            if (said.TryGetProperty("memory", out _))
                return Failed($"The code needs more memory than {section}:MemoryMiB allows: {request.MemoryMiB} MiB.");
            if (said.TryGetProperty("error", out var error))
                return Failed(error.GetString()!);
            if (said.TryGetProperty("pair", out var pair))
                return Pair(pair);
            return new(Judgment(said.GetProperty("judgment"))) { Reason = said.GetProperty("reason").GetString() };
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException
                or IndexOutOfRangeException)
        {
            return Failed(NoAnswer);
        }
    }

    /// <summary>Two texts, of a language without tuples: what they are, the Evaluator's type says.</summary>
    private EvaluatorAnswer Pair(JsonElement pair) => returns == ReturnType.MultiSelect
        ? new(Judgment(pair))
        : new(Judgment(pair[0])) { Reason = pair[1].GetString() };

    /// <summary>Texts are written anew: what is in them may not be valid Unicode.</summary>
    private static JsonValue? Judgment(JsonElement judgment) => judgment.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => JsonValue.FromText(judgment.GetString()!),
        JsonValueKind.Array => JsonValue.Parse(
            $"[{string.Join(',', judgment.EnumerateArray().Select(each => JsonValue.FromText(each.GetString()!)))}]"),
        JsonValueKind.Object => throw new JsonException(),
        _ => JsonValue.Parse(judgment.GetRawText()),
    };

    private static EvaluatorAnswer Failed(string sentence) => new((JsonValue?)null) { Error = sentence };

    private static string Signal(int signal) => signal switch
    {
        6 => "SIGABRT, as by a recursion too deep,",
        9 => "SIGKILL, perhaps because the machine is out of memory,",
        11 => "SIGSEGV, as by a recursion too deep or an address that is not its own,",
        24 => "SIGXCPU",
        31 => "SIGSYS, because it made a system call in a way that the fence does not allow,",
        _ => $"signal {signal}",
    };
}
