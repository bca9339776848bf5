using System.Runtime.CompilerServices;
using Worker.Errors;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>Verdicts from outside as what can be measured of them.</summary>
internal static class PostedLines
{
    /// <summary>
    /// They are Logs of the Evaluator's File, by when they were created: the latest first, in pages. Throws
    /// <see cref="StoreUnavailableException"/>.
    /// </summary>
    public static async IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> ReadAsync(
        ILogListing logs,
        string evaluatorId,
        DateTimeOffset from,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = new LogRange(evaluatorId, Timestamps.ToMicroseconds(from), Timestamps.ToMicroseconds(until));
        await foreach (var page in logs.ReadAsync(range, cancellationToken))
            yield return [.. page.Where(log => log.JudgedId is not null).Select(ToLine)];
    }

    /// <summary>How long it took is known where it says so itself: an end before its start is no length.</summary>
    private static VerdictLine ToLine(Log log)
    {
        var end = Timestamps.ToInstant(log.CreatedAt);
        var took = log.EndedAt - log.StartedAt;
        return new(
            log.Id,
            log.JudgedId!,
            log.Judgment,
            log[LogFields.Error] is not null,
            IsLater: false,
            Cost: null,
            end.AddMicroseconds(-took ?? 1),
            end)
        {
            VersionId = log.Resolution?.VersionId,
        };
    }
}
