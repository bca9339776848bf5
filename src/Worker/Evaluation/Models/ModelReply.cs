using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using Worker.Models;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Evaluation.Models;

/// <summary>A model's reply, as people see it.</summary>
internal static class ModelReply
{
    private const int LongestAnswer = 64 * 1024;
    private const int ShownInErrors = 500;
    private const int KeptOfMessage = 64 * 1024;
    private const int KeptOfReply = 16 * 1024;

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What it said, and which function it called with what.</summary>
    public static string Words(ChatMessage? message) => string.Join('\n', (message?.Contents ?? []).Select(
        content => content switch
        {
            TextContent text => text.Text,
            ErrorContent error => error.Message,
            FunctionCallContent call => $"{call.Name}({Raw(call)})",
            _ => "",
        })).Trim();

    /// <summary>What it called the function of the judgment with, as it came; null where it did not.</summary>
    public static string? Arguments(ChatMessage? message) =>
        message?.Contents.OfType<FunctionCallContent>().FirstOrDefault(IsJudgment) is { } call
            ? Raw(call)
            : null;

    /// <summary>Why there is no judgment in it, whatever it says; null where there may be.</summary>
    public static string? Problem(ChatResponse response, string reply)
    {
        if (response.FinishReason == ChatFinishReason.ContentFilter)
            return "The content filter of the provider ended the answer.";
        if (response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().Any())
            return "The model refused to answer.";
        if (response.FinishReason == ChatFinishReason.Length)
            return "The answer was cut off at max_tokens.";
        if (BoundedText.Bytes(reply) > LongestAnswer)
            return $"The answer is longer than {LongestAnswer} bytes.";
        return reply.Length == 0 ? "The answer is empty." : null;
    }

    private static bool IsJudgment(FunctionCallContent call) => call.Name == AnswerShape.Tool;

    /// <summary>The client library gives up what is no JSON.</summary>
    private static string Raw(FunctionCallContent call) =>
        (call.RawRepresentation as ChatToolCall)?.FunctionArguments.ToString()
        ?? JsonSerializer.Serialize(call.Arguments, Readable);

    public static string WithAnswer(string problem, string reply) =>
        reply.Length == 0 ? problem : $"{problem} It answered: {BoundedText.Cut(reply, ShownInErrors)}";

    /// <summary>What is kept with the verdict, whether it is one or an error.</summary>
    public static JsonValue Details(
        ModelTask task,
        Dialect dialect,
        (IEnumerable<ChatMessage> Messages, bool IsCut) asked,
        string reply,
        string? finishReason,
        (long? Input, long? Output, decimal? Cost) usage)
    {
        var prompt = asked.Messages.Select(message => (JsonNode)new JsonObject
        {
            ["role"] = message.Role.Value, ["content"] = BoundedText.Cut(message.Text, KeptOfMessage),
        });
        var details = new JsonObject
        {
            ["provider"] = task.Provider,
            ["model"] = task.Model,
            ["format"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(dialect.Format.ToString()),
            ["temperature"] = dialect.HasTemperature ? task.Temperature : null,
            ["prompt"] = new JsonArray([.. prompt]),
            ["reply"] = BoundedText.Cut(reply, KeptOfReply),
            ["finish_reason"] = finishReason,
            ["input_tokens"] = usage.Input,
            ["output_tokens"] = usage.Output,
            ["cost"] = usage.Cost,
        };
        if (asked.IsCut)
            details["truncated"] = true;
        return JsonValue.Parse(details.ToJsonString(Readable));
    }
}
