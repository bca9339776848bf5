using System.Text;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Evaluation.Python;

/// <summary>Says what a call's end means. Whatever the code did is an answer; nothing here throws.</summary>
internal static class PythonAnswer
{
    private const string NoAnswer =
        "The code wrote something of its own where its answer goes; return the judgment instead.";

    /// <summary>What child.py ends with when its answer has nowhere to go.</summary>
    private const int NowhereToGo = 70;

    public static EvaluatorAnswer Of(PythonReply reply, PythonRequest request) =>
        (Problem(reply, request) is { } problem ? Failed(problem) : Read(reply.Result, request)) with
        {
            Stdout = reply.Output.Length == 0 ? null : Encoding.UTF8.GetString(reply.Output),
        };

    private static string? Problem(PythonReply reply, PythonRequest request) => reply switch
    {
        { Outcome: PythonOutcome.TimedOut } => FormattableString.Invariant(
            $"The code was ended after {request.Timeout.TotalSeconds:0.###} s, its timeout."),
        { Outcome: PythonOutcome.TooMuchOutput } =>
            $"The code was ended because it printed more than {request.OutputBytes} bytes, " +
            "which Evaluation:Python:OutputBytes allows.",
        { Outcome: PythonOutcome.TooLargeResult } =>
            $"The judgment and its reason are larger than {request.ResultBytes} bytes, " +
            "which Evaluation:Python:ResultBytes allows.",
        { ExitCode: < 0 } => $"The code's process was ended by {Signal(-reply.ExitCode)} before it answered.",
        { ExitCode: NowhereToGo } => "The code gave no answer: it closed what its answer goes through.",
        { ExitCode: > 0 } => $"The code ended its process, with exit code {reply.ExitCode}, before it answered.",
        { Result.Length: 0 } => "The code ended its process before it answered.",
        _ => null,
    };

    private static EvaluatorAnswer Read(byte[] result, PythonRequest request)
    {
        try
        {
            var said = JsonElement.Parse(result);
            return said.TryGetProperty("memory", out _)
                ? Failed(
                    $"The code needs more memory than Evaluation:Python:MemoryMiB allows: {request.MemoryMiB} MiB.")
                : said.TryGetProperty("error", out var error)
                    ? Failed(error.GetString()!)
                    : new(Judgment(said.GetProperty("judgment"))) { Reason = said.GetProperty("reason").GetString() };
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Failed(NoAnswer);
        }
    }

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
        6 => "SIGABRT",
        9 => "SIGKILL, perhaps because the machine is out of memory,",
        11 => "SIGSEGV, as by a recursion too deep or an address that is not its own,",
        24 => "SIGXCPU",
        31 => "SIGSYS, because it made a system call in a way that the fence does not allow,",
        _ => $"signal {signal}",
    };
}
