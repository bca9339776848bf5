using Worker.Storage;

namespace Worker.Alerts;

/// <summary>Tells whoever is to hear of an alert.</summary>
internal interface IAlertSender
{
    /// <summary>Null when it was taken; else why not, as a sentence. Ends within seconds.</summary>
    Task<string?> SendAsync(AlertTarget target, AlertNotice notice, CancellationToken cancellationToken);
}
