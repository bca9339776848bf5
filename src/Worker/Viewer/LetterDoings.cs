using Worker.Audit;
using Worker.DeadLetters;

namespace Worker.Viewer;

/// <summary>Puts back and throws away the letters that somebody chose on the page, and says so in the log.</summary>
internal sealed partial class LetterDoings(IDeadLetters letters, LetterAudit audit, ILogger<LetterDoings> logger)
{
    /// <param name="ids">Of those that were chosen.</param>
    /// <param name="actor">Whoever chose them.</param>
    public async Task<RedriveReport> RedriveAsync(
        IReadOnlySet<string> ids, bool canary, AuditActor actor, CancellationToken cancellationToken)
    {
        var report = letters.Exist
            ? await audit.RedriveAsync(actor, Of(ids), Asked(ids), canary, cancellationToken)
            : new RedriveReport(0, 0);
        LettersPutBack(report.Redriven, ids.Count, actor.KeyId ?? "nobody's");
        return report;
    }

    public async Task<int> DiscardAsync(
        IReadOnlySet<string> ids, AuditActor actor, CancellationToken cancellationToken)
    {
        var discarded = letters.Exist
            ? await audit.DiscardAsync(actor, Of(ids), Asked(ids), cancellationToken)
            : 0;
        LettersThrownAway(discarded, ids.Count, actor.KeyId ?? "nobody's");
        return discarded;
    }

    private static DeadLetterFilter Of(IReadOnlySet<string> ids) =>
        new(Also: letter => ids.Contains(letter.DeadLetterId));

    private static string Asked(IReadOnlySet<string> ids) => $"{ids.Count} chosen on the page";

    [LoggerMessage(
        LogLevel.Information, "Dead letters were put back by the viewer, {Count} of {Chosen} chosen; the key is {Key}")]
    private partial void LettersPutBack(int count, int chosen, string key);

    [LoggerMessage(
        LogLevel.Information,
        "Dead letters were thrown away by the viewer, {Count} of {Chosen} chosen; the key is {Key}")]
    private partial void LettersThrownAway(int count, int chosen, string key);
}
