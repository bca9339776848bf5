using System.Net.Http.Headers;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Evaluation.Webhooks;
using Worker.Storage;

namespace Worker.Alerts;

/// <summary>Sends a notice as a signed request; any status from 200 to 299 takes it, and no reply is read.</summary>
internal sealed class WebhookSender(WebhookClient client, WebhookSecrets secrets, TimeProvider time) : IAlertSender
{
    /// <summary>For the whole of it: shorter than a notice is left to whoever sends it.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly ProductInfoHeaderValue UserAgent =
        new("worker", typeof(WebhookSender).Assembly.GetName().Version!.ToString(3));

    public async Task<string?> SendAsync(AlertTarget target, AlertNotice notice, CancellationToken cancellationToken)
    {
        var host = target.Url.IdnHost;
        using var limit = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(target, notice);
            using var response = await client.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? null : $"{host} answered {(int)response.StatusCode}.";
        }
        catch (EvaluatorPausedException noSecret)
        {
            return noSecret.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{host} did not answer within {Timeout.TotalSeconds:0} s.";
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return $"{host} cannot be told: {OneLine.Of((failure.InnerException ?? failure).Message)}";
        }
    }

    private HttpRequestMessage Request(AlertTarget target, AlertNotice notice)
    {
        var signature = WebhookSignature.Of(notice.Body.Utf8.Span, secrets.Of(target.Secret), time.GetUtcNow());
        var content = new ReadOnlyMemoryContent(notice.Body.Utf8);
        content.Headers.ContentType = new("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = content };
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Add("Idempotency-Key", notice.Key);
        request.Headers.Add(WebhookSignature.Header, signature);
        return request;
    }
}
