using System.ClientModel;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Worker.Evaluation.Models;

/// <summary>Asks a model for one verdict.</summary>
internal sealed class LlmCall(
    ModelTask task,
    JudgmentType returns,
    ModelSettings settings,
    ModelClients clients,
    Dialects dialects,
    TimeProvider time) : IEvaluatorCall
{
    public async Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken)
    {
        var provider = Provider();
        try
        {
            return await AskAsync(provider, Fill(input), cancellationToken);
        }
        catch (NoPromptException failure)
        {
            return failure.Abstains
                ? new(null) { Reason = failure.Message }
                : new(null) { Error = failure.Message };
        }
        catch (UnreadableReplyException failure)
        {
            // What it cost, nobody knows: it counts in full.
            var most = MostOf(input);
            return new(null)
            {
                Error = provider.Hide(failure.Message), InputTokens = most.Tokens, Cost = most.Cost,
            };
        }
    }

    public string Preview(EvaluatorInput input)
    {
        try
        {
            var messages = Messages(Fill(input), dialects.Of(task.Provider, task.Model).Format);
            return string.Join("\n\n", messages.Select(message => $"{message.Role}:\n{message.Text}"));
        }
        catch (NoPromptException failure)
        {
            return $"Nothing is asked. {failure.Message}";
        }
    }

    /// <summary>No token is shorter than a byte.</summary>
    public Expense MostOf(EvaluatorInput input)
    {
        try
        {
            var filled = Fill(input);
            var bytes = Enum.GetValues<AnswerFormat>().Max(format => ModelRequest.Bytes(Messages(filled, format)));
            var most = bytes + ModelRequest.Bytes(returns);
            return new(most + task.MaxTokens, Cost(most, task.MaxTokens) ?? 0);
        }
        catch (NoPromptException)
        {
            return Expense.None;
        }
    }

    private async Task<EvaluatorAnswer> AskAsync(
        ModelProvider provider, FilledPrompt filled, CancellationToken cancellationToken)
    {
        var client = clients.Of(provider, task.Model);
        var dialect = dialects.Of(task.Provider, task.Model);
        while (true)
        {
            var messages = Messages(filled, dialect.Format);
            var options = ModelRequest.Options(task, returns, dialect);
            try
            {
                var response = await client.GetResponseAsync(messages, options, cancellationToken);
                return Answer(response, messages, dialect, provider);
            }
            catch (ClientResultException failure)
            {
                var simpler = failure.Status is 400 or 404 or 422 or 501
                    ? dialect.Simpler(ModelFailure.BodyOf(failure))
                    : null;
                if (simpler is null)
                    return new(null)
                    {
                        Error = ModelFailure.ErrorOf(failure, provider, task.Model, time.GetUtcNow()),
                    };
                dialect = simpler;
            }
        }
    }

    private EvaluatorAnswer Answer(
        ChatResponse response, List<ChatMessage> messages, Dialect dialect, ModelProvider provider)
    {
        var message = response.Messages.LastOrDefault();
        var reply = provider.Hide(ModelReply.Words(message));
        var verdict = AnswerReader.Read(dialect.Format, message, provider.Hide(response.Text), returns);
        var problem = ModelReply.Problem(response, reply)
            ?? (verdict is null ? "The answer does not keep to the format." : returns.Problem(verdict.Judgment));
        if (verdict is not null)
            dialects.Understood(task.Provider, task.Model, dialect);
        else if (response.FinishReason == ChatFinishReason.Stop && reply.Length > 0)
            dialects.Misunderstood(task.Provider, task.Model, dialect);

        var (input, output) = Usage(response, messages, reply);
        return new(problem is null ? verdict!.Judgment : null)
        {
            Reason = problem is null ? verdict!.Reason : null,
            Error = problem is null ? null : ModelReply.WithAnswer(problem, reply),
            InputTokens = input,
            OutputTokens = output,
            Cost = Cost(input, output),
            Details = ModelReply.Details(
                task, dialect, messages, reply, response.FinishReason?.Value, (input, output, Cost(input, output))),
        };
    }

    /// <summary>
    /// A service that does not count would be free of every budget; then it is the most that it can be.
    /// </summary>
    private (long Input, long Output) Usage(ChatResponse response, List<ChatMessage> messages, string reply) =>
        (response.Usage?.InputTokenCount ?? ModelRequest.Bytes(messages),
            response.Usage?.OutputTokenCount ?? Math.Min(task.MaxTokens, BoundedText.Bytes(reply)));

    private decimal? Cost(long input, long output) =>
        settings.Prices.GetValueOrDefault(task.Model)?.Cost(input, output);

    private ModelProvider Provider() => settings.Providers.GetValueOrDefault(task.Provider)
        ?? throw new EvaluatorPausedException(
            $"No provider {task.Provider} is configured; " +
            $"set {ModelSettings.SectionName}:Providers:{task.Provider}:BaseUrl and :ApiKey.");

    private FilledPrompt Fill(EvaluatorInput input)
    {
        using var log = JsonDocument.Parse(input.Log, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        return task.Template.Fill(
            new TraceLog(log.RootElement), input.IsTruncated, input.Key, task.MaxPromptBytes);
    }

    private List<ChatMessage> Messages(FilledPrompt filled, AnswerFormat format) =>
        ModelRequest.Messages(task, filled, format, returns);
}
