using System.Runtime.CompilerServices;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>No removal was begun and left, and no pin is of a Log that is gone.</summary>
internal sealed class RemovalCheck(IRemovalStore removals, IPinStore pins, ITraceStore traces, TimeProvider time)
{
    /// <summary>A worker may be at it for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>Each fault as a sentence.</summary>
    public async IAsyncEnumerable<string> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var removal in await removals.OpenAsync(cancellationToken))
        {
            if (removal.At < time.GetUtcNow() - Patience)
            {
                yield return $"The removal of {removal.Id} and what goes with it was begun at " +
                    $"{removal.At:yyyy-MM-dd HH:mm:ss}Z and has not ended; worker retention ends it.";
            }
        }

        foreach (var page in (await pins.ListAsync(cancellationToken)).Select(pin => pin.LogId).Chunk(1_000))
        {
            var standing = await traces.StandingAsync(page, cancellationToken);
            foreach (var logId in page.Where(logId => !standing.Contains(logId)))
            {
                yield return $"Log {logId} is pinned and not stored, or was deleted; " +
                    $"worker unpin {logId} takes it away.";
            }
        }
    }
}
