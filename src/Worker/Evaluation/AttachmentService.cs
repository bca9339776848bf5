using Worker.Errors;

namespace Worker.Evaluation;

/// <summary>
/// Reads every second which Evaluators are attached to Files by message, whichever worker stored the message. While the
/// store does not answer, what was read last stands.
/// </summary>
internal sealed partial class AttachmentService(
    StoredAttachments attachments, TimeProvider time, ILogger<AttachmentService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private bool _isUnread;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await attachments.RefreshAsync(stoppingToken);
                _isUnread = false;
            }
            catch (Exception exception) when (exception
                is StoreUnavailableException or StoreUnusableException or StoreUnexpectedException)
            {
                if (!_isUnread)
                    AttachmentsNotRead(exception.Message);
                _isUnread = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Which Evaluators are attached to Files could not be read; the last that was read stands: {Reason}")]
    private partial void AttachmentsNotRead(string reason);
}
