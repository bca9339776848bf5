using Worker.Errors;
using Worker.Files;
using Worker.Runs;

namespace Worker.Evaluation;

/// <summary>
/// Reads every second which Evaluators are attached to Files by message, whichever worker stored the message. While the
/// store does not answer, what was read last stands.
/// </summary>
internal sealed partial class AttachmentService(
    StoredAttachments attachments, TimeProvider time, ILogger<AttachmentService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private HashSet<(string FileId, Pin Pin)> _refused = [];
    private bool _isUnread;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                Tell(await attachments.RefreshAsync(stoppingToken));
                _isUnread = false;
            }
            catch (Exception exception) when (StoreFailure.Is(exception))
            {
                if (!_isUnread)
                    AttachmentsNotRead(exception.Message);
                _isUnread = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Once for each, as long as it is attached.</summary>
    private void Tell(IReadOnlyCollection<(string FileId, Pin Pin)> refused)
    {
        foreach (var (fileId, pin) in refused.Where(each => !_refused.Contains(each)))
            AttachmentRefused(pin.EvaluatorId, pin.EvaluatorVersionId, fileId, RemoteCode.Key);
        _refused = [.. refused];
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Evaluator {EvaluatorId} in Version {VersionId} was attached to File {FileId} by message and does not judge: " +
        "it runs code or calls a host, and the files hold no such Version; write it into them, or set {Key}")]
    private partial void AttachmentRefused(string evaluatorId, string versionId, string fileId, string key);

    [LoggerMessage(
        LogLevel.Warning,
        "Which Evaluators are attached to Files could not be read; the last that was read stands: {Reason}")]
    private partial void AttachmentsNotRead(string reason);
}
