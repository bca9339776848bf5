using Worker.Errors;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// Keeps the index of texts up with the Logs, when there is time: it takes a fifth of a store that nobody else writes
/// to, and a fiftieth of one that is busy. A store without an index is left alone.
/// </summary>
internal sealed partial class TextIndexService(
    TimeProvider time, ILogger<TextIndexService> logger, ITextIndex? index = null) : BackgroundService
{
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    private const int Rest = 4;
    private const int RestAmongOthers = 49;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (index is not null)
            await Task.Delay(await StepAsync(index, stoppingToken), time, stoppingToken);
    }

    /// <summary>How long to wait then.</summary>
    private async Task<TimeSpan> StepAsync(ITextIndex index, CancellationToken cancellationToken)
    {
        try
        {
            var begun = time.GetTimestamp();
            return await index.CatchUpAsync(cancellationToken) switch
            {
                IndexStep.Done => Rest * time.GetElapsedTime(begun),
                IndexStep.DoneAmongOthers => RestAmongOthers * time.GetElapsedTime(begun),
                _ => Idle,
            };
        }
        catch (Exception failure) when (StoreFailure.Is(failure))
        {
            TextsNotIndexed(failure.Message);
            return AfterFailure;
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "What was logged last is not in the index of texts, which the next look mends; until then the list of traces " +
        "searches as many as before, and slower: {Reason}")]
    private partial void TextsNotIndexed(string reason);
}
