using System.ClientModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Worker.Models;

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
            return MostOf(Fill(input));
        }
        catch (NoPromptException)
        {
            return Expense.None;
        }
    }

    private Expense MostOf(FilledPrompt filled)
    {
        var bytes = Enum.GetValues<AnswerFormat>().Max(format => ModelRequest.Bytes(Messages(filled, format)));
        var most = bytes + ModelRequest.Bytes(returns);
        return new(most + task.MaxTokens, Cost(most, task.MaxTokens) ?? 0);
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
                var response = await RequestAsync(client, messages, options, cancellationToken);
                return Answer(response, (messages, filled.IsCut), dialect, provider);
            }
            catch (ClientResultException failure)
            {
                var body = ModelFailure.BodyOf(failure);
                var simpler = failure.Status is 400 or 404 or 422 or 501
                    ? dialect.Simpler(Complaint.Of(body))
                    : null;
                if (simpler is null)
                {
                    var error = ModelFailure.ErrorOf(failure, provider, task.Model, time.GetUtcNow());
                    return NoAnswer(error, provider.Hide(body), (messages, filled.IsCut), dialect);
                }

                dialect = simpler;
            }
            catch (UnreadableReplyException failure)
            {
                // What it cost, nobody knows: it counts in full.
                var most = MostOf(filled);
                var said = provider.Hide(failure.Message);
                return NoAnswer(said, said, (messages, filled.IsCut), dialect) with
                {
                    InputTokens = most.Tokens, Cost = most.Cost,
                };
            }
        }
    }

    private async Task<ChatResponse> RequestAsync(
        IChatClient client, List<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        using var span = ChatSpan.Start(task);
        try
        {
            var response = await client.GetResponseAsync(messages, options, cancellationToken);
            ChatSpan.End(span, response);
            return response;
        }
        catch (Exception failure)
        {
            var status = (failure as ClientResultException)?.Status;
            ChatSpan.Fail(span, status is { } code and not 0 ? $"{code}" : failure.GetType().Name);
            throw;
        }
    }

    private EvaluatorAnswer NoAnswer(
        string error, string reply, (List<ChatMessage> Messages, bool IsCut) asked, Dialect dialect) => new(null)
        {
            Error = error, Details = ModelReply.Details(task, dialect, asked, reply, null, default),
        };

    private EvaluatorAnswer Answer(
        ChatResponse response,
        (List<ChatMessage> Messages, bool IsCut) asked,
        Dialect dialect,
        ModelProvider provider)
    {
        var message = response.Messages.LastOrDefault();
        var reply = provider.Hide(ModelReply.Words(message));
        var problem = ModelReply.Problem(response, reply);
        ModelVerdict? verdict = null;
        if (problem is null)
        {
            verdict = Verdict(dialect, message, provider);
            problem = verdict is null ? "The answer does not keep to the format." : returns.Problem(verdict.Judgment);
        }

        var (input, output) = Usage(response, asked.Messages, reply);
        return new(problem is null ? verdict!.Judgment : null)
        {
            Reason = problem is null ? verdict!.Reason : null,
            Error = problem is null ? null : ModelReply.WithAnswer(problem, reply),
            InputTokens = input,
            OutputTokens = output,
            Cost = Cost(input, output),
            Details = ModelReply.Details(
                task, dialect, asked, reply, response.FinishReason?.Value, (input, output, Cost(input, output))),
        };
    }

    /// <summary>Null where it cannot be read; which of the two it was is remembered.</summary>
    private ModelVerdict? Verdict(Dialect dialect, ChatMessage? message, ModelProvider provider)
    {
        var arguments = ModelReply.Arguments(message) is { } said ? provider.Hide(said) : null;
        var verdict = AnswerReader.Read(dialect.Format, arguments, provider.Hide(message?.Text ?? ""), returns);
        if (verdict is null)
            dialects.Misunderstood(task.Provider, task.Model, dialect);
        else
            dialects.Understood(task.Provider, task.Model, dialect);

        // In JSON, a key may have been spelt with escapes.
        return verdict is { Reason: { } reason } ? verdict with { Reason = provider.Hide(reason) } : verdict;
    }

    /// <summary>A service that does not count would be free of every budget: it is the most that it can be.</summary>
    private (long Input, long Output) Usage(ChatResponse response, List<ChatMessage> messages, string reply) =>
        (response.Usage?.InputTokenCount is > 0 and var input ? input : ModelRequest.Bytes(messages),
            response.Usage?.OutputTokenCount is > 0 and var output
                ? output
                : Math.Min(task.MaxTokens, BoundedText.Bytes(reply)));

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
