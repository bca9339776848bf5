using Worker.Errors;

namespace Worker.Evaluation;

/// <summary>
/// Looks every two seconds whether Evaluator files have changed, and takes up what they say. A file with mistakes stops
/// nothing: what it said before stands.
/// </summary>
internal sealed partial class EvaluatorFolderService(
    EvaluatorFolder folder,
    EvaluatorCatalog catalog,
    EvaluatorVersions versions,
    EvaluatorAudit audit,
    TimeProvider time,
    ILogger<EvaluatorFolderService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>What was read, and is not taken up yet.</summary>
    private IReadOnlyCollection<Evaluator>? _read;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
                || StoreFailure.Is(failure))
            {
                EvaluatorFilesNotRead(failure.Message);
            }
        }
    }

    /// <summary>Their Versions are stored first, so that other workers can run what is pinned here.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (folder.ReadChanged() is var (evaluators, mistakes))
        {
            foreach (var mistake in mistakes)
                EvaluatorFileRefused(mistake);
            _read = evaluators;
        }

        if (_read is not { } read)
            return;
        await versions.StoreAsync(read, cancellationToken);
        var before = catalog.All;
        catalog.Replace(read);
        _read = null;
        EvaluatorFilesReread(read.Count);
        await audit.NoteAsync(before, read);
    }

    [LoggerMessage(LogLevel.Information, "Evaluator files were read again: {Count} Evaluators")]
    private partial void EvaluatorFilesReread(int count);

    [LoggerMessage(LogLevel.Error, "An Evaluator file was refused, and what it said before stands: {Mistake}")]
    private partial void EvaluatorFileRefused(string mistake);

    [LoggerMessage(LogLevel.Warning, "Evaluator files could not be read again; this is tried until it works: {Reason}")]
    private partial void EvaluatorFilesNotRead(string reason);
}
