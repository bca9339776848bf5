using System.Text.Json.Nodes;
using Worker.Models;
using Worker.Traces;

namespace Worker.Front.Calls;

/// <summary>
/// What came of a call, as it is kept and answered: without the key, should the provider have repeated it.
/// </summary>
internal sealed record CalledModel
{
    /// <summary>Those that an answer has.</summary>
    internal static readonly IReadOnlyList<Field> Fields =
    [
        LogFields.Output, LogFields.CreatedAt, LogFields.Error, LogFields.ProviderLatency, LogFields.OutputMessage,
        LogFields.PromptTokens, LogFields.ReasoningTokens, LogFields.OutputTokens, LogFields.PromptCost,
        LogFields.OutputCost, LogFields.FinishReason,
    ];

    public CalledModel(ChatCall call, ChatReply reply, ModelPrice? price)
    {
        Request = call.Body;
        Output = call.Provider.Hide(reply.Text);
        Message = HiddenKeys.In(call.Provider, reply.ToMessage())!.AsObject();
        FinishReason = reply.FinishReason is { } reason ? call.Provider.Hide(reason) : null;
        PromptTokens = reply.PromptTokens;
        OutputTokens = reply.OutputTokens;
        ReasoningTokens = reply.ReasoningTokens;
        PromptCost = price is not null && PromptTokens is { } asked ? price.Cost(asked, 0) : null;
        OutputCost = price is not null && OutputTokens is { } said ? price.Cost(0, said) : null;
    }

    /// <summary>What the provider was sent.</summary>
    public JsonObject Request { get; }

    public string Output { get; }

    /// <summary>With the calls of functions.</summary>
    public JsonObject Message { get; }

    public string? FinishReason { get; }

    public long? PromptTokens { get; }

    public long? OutputTokens { get; }

    public long? ReasoningTokens { get; }

    /// <summary>In US dollars; null where the model has no price.</summary>
    public decimal? PromptCost { get; }

    public decimal? OutputCost { get; }

    /// <summary>How long the provider took.</summary>
    public required TimeSpan Latency { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Why it is not whole; null where it is.</summary>
    public string? Error { get; init; }

    /// <summary>What the provider answered; null where it streamed.</summary>
    public JsonNode? Response { get; init; }

    /// <summary>Nothing was said before it failed.</summary>
    public bool IsEmpty => Output.Length == 0 && !Message.ContainsKey("tool_calls");

    /// <summary>What came of it as members of a Log, and of an answer.</summary>
    public JsonObject ToJson() => new()
    {
        ["output"] = Error is not null && IsEmpty ? null : Output,
        ["created_at"] = EndedAt.UtcDateTime,
        ["error"] = Error,
        ["provider_latency"] = Math.Round(Latency.TotalSeconds, 6),
        ["output_message"] = Error is not null && IsEmpty ? null : Message.DeepClone(),
        ["prompt_tokens"] = PromptTokens,
        ["reasoning_tokens"] = ReasoningTokens,
        ["output_tokens"] = OutputTokens,
        ["prompt_cost"] = PromptCost,
        ["output_cost"] = OutputCost,
        ["finish_reason"] = FinishReason,
    };
}
