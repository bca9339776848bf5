using Worker.Errors;

namespace Worker.Evaluation.Webhooks;

/// <summary>Asks a program elsewhere, and reads its verdict.</summary>
internal sealed class WebhookCall(Webhook webhook, WebhookClient client, WebhookSecrets secrets, TimeProvider time)
    : IEvaluatorCall
{
    public async Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(webhook.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            using var request = WebhookRequest.Of(input, webhook.Url, secrets.Of(webhook.Secret), now);
            using var response = await client.SendAsync(request, either.Token);
            return await WebhookReply.ReadAsync(response, webhook, time.GetUtcNow(), either.Token);
        }
        catch (Exception exception) when (limit.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested
            && exception is OperationCanceledException or HttpRequestException or IOException)
        {
            throw new TransientCallException(
                $"{webhook.Host} did not answer within {webhook.Timeout.TotalSeconds:0.###} s.", null, exception);
        }
        catch (HttpRequestException exception) when (exception.InnerException is EvaluatorPausedException refused)
        {
            throw new EvaluatorPausedException(refused.Message, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            var cause = OneLine.Of((exception.InnerException ?? exception).Message);
            throw new TransientCallException($"{webhook.Host} cannot be asked: {cause}.", null, exception);
        }
    }
}
