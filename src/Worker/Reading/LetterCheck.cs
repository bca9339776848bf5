using System.Runtime.CompilerServices;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Every dead letter has a reason, and none holds the body of a message for a Log that asked not to be saved.
/// </summary>
internal sealed class LetterCheck(ILogStore logs)
{
    /// <summary>Logs that are held at once, whole.</summary>
    private const int Page = 100;

    /// <summary>Each fault as a sentence.</summary>
    public async IAsyncEnumerable<string> CheckAsync(
        IAsyncEnumerable<DeadLetter> letters,
        StoreCounts counts,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of a page only the names are held, not the bodies.
        var named = letters.Select(letter =>
            (letter.DeadLetterId, LogId: letter.Body is null ? null : letter.LogId, Fault: FaultOf(letter)));
        await foreach (var page in named.Chunk(Page).WithCancellation(cancellationToken))
        {
            counts.DeadLetters += page.Length;
            var logIds = page.Select(letter => letter.LogId).OfType<string>().ToHashSet(StringComparer.Ordinal);
            var stored = logIds.Count == 0
                ? new Dictionary<string, Log>()
                : await logs.ReadAsync(logIds, cancellationToken);
            foreach (var (id, logId, fault) in page)
            {
                if (fault is not null)
                    yield return fault;
                if (logId is null || stored.GetValueOrDefault(logId) is not { Withheld: true })
                    continue;
                counts.LettersWithABody++;
                yield return $"Dead letter {id} holds the body of a message for Log {logId}, " +
                    "which asked not to be saved; discard it.";
            }
        }
    }

    /// <summary>Says what is wrong with a dead letter by itself; null when nothing is.</summary>
    public static string? FaultOf(DeadLetter letter) =>
        Enum.GetValues<RefusalReason>().All(reason => reason.WireName() != letter.Reason)
            ? $"Dead letter {letter.DeadLetterId} has the reason \"{letter.Reason}\", " +
                "which is none that the worker gives."
            : null;
}
