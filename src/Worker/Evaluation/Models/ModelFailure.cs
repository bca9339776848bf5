using System.ClientModel;
using System.Globalization;
using Worker.Models;

namespace Worker.Evaluation.Models;

/// <summary>What a provider's refusal means: another try, a pause, or this verdict's error.</summary>
internal static class ModelFailure
{
    private const int Shown = 500;

    private static readonly string[] MoneyCodes =
    [
        "insufficient_quota", "exceeded_current_quota_error", "insufficient_balance", "insufficient_credits",
        "billing_hard_limit_reached", "billing_not_active",
    ];

    private static readonly string[] OfMoney = ["exceeded your current quota", "credit balance is too low"];
    private static readonly string[] OfContent = ["content_filter", "content_policy", "moderation", "ResponsibleAI"];
    private static readonly string[] ModelCodes = ["model_not_found", "invalid_model"];
    private static readonly string[] OfModels = ["model not found", "does not exist", "invalid model"];

    /// <summary>The body, from the client's own words where there is none.</summary>
    public static string BodyOf(ClientResultException failure) =>
        failure.GetRawResponse()?.Content.ToString() is { Length: > 0 } body ? body : failure.Message;

    /// <summary>
    /// The error of this verdict. Throws <see cref="TransientCallException"/> and
    /// <see cref="EvaluatorPausedException"/>.
    /// </summary>
    public static string ErrorOf(
        ClientResultException failure, ModelProvider provider, string model, DateTimeOffset now)
    {
        var body = BodyOf(failure);
        var said = $"It says: {BoundedText.Cut(provider.Hide(body), Shown)}";
        var complaint = Complaint.Of(body);
        var status = failure.Status;
        if (status == 0)
            throw new TransientCallException($"No connection to {provider} could be used. {said}", null, failure);

        var after = RetryAfter(failure, now);
        if (IsOfMoney(status, complaint, after))
            throw new EvaluatorPausedException($"The account at {provider} is empty; fill it up. {said}", failure);
        if (status is 408 or 425 or 429 or >= 500)
            throw new TransientCallException($"{provider} answered {status}. {said}", after, failure);
        if (complaint.Says(OfContent))
            return $"The content filter of {provider} refused the prompt. {said}";
        if (status is 401 or 403)
            throw new EvaluatorPausedException(
                $"{provider} refused the key ({status}); set {Key(provider)}:ApiKey. {said}", failure);
        if (status is 404 or (>= 300 and < 400) || IsOfModel(complaint))
            throw new EvaluatorPausedException(
                $"{provider} knows no model {model}, or is at another address ({status}); " +
                $"check the model's name and {Key(provider)}:BaseUrl. {said}",
                failure);
        return $"{provider} answered {status}. {said}";
    }

    /// <summary>
    /// Whoever is only too fast is often told of money, too; but also when to come back, which no account that is empty
    /// can say.
    /// </summary>
    private static bool IsOfMoney(int status, Complaint complaint, TimeSpan? after) =>
        status == 402 || (status is 400 or 403 or 429
            && (complaint.HasCode(MoneyCodes) || (after is null && complaint.Says(OfMoney))));

    private static bool IsOfModel(Complaint complaint) =>
        complaint.HasCode(ModelCodes) || (complaint.Says("model") && complaint.Says(OfModels));

    private static string Key(ModelProvider provider) => $"{ModelSettings.SectionName}:Providers:{provider.Name}";

    private static TimeSpan? RetryAfter(ClientResultException failure, DateTimeOffset now)
    {
        if (failure.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) != true)
            return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return double.IsNaN(seconds) ? null : TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.SecondsPerDay));
        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > now
            ? at - now
            : null;
    }
}
