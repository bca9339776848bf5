using Worker.DeadLetters;

namespace Worker.Viewer;

/// <summary>Puts back and throws away the letters that somebody chose on the page, and says so in the log.</summary>
internal sealed partial class LetterDoings(IDeadLetters letters, ILogger<LetterDoings> logger)
{
    /// <param name="keyId">Of whoever chose them; null where there are no keys.</param>
    public async Task<RedriveReport> RedriveAsync(
        IReadOnlySet<string> ids, bool canary, string? keyId, CancellationToken cancellationToken)
    {
        var report = letters.Exist
            ? await letters.RedriveAsync(Of(ids), canary, cancellationToken)
            : new RedriveReport(0, 0);
        LettersPutBack(report.Redriven, ids.Count, keyId ?? "nobody's");
        return report;
    }

    public async Task<int> DiscardAsync(
        IReadOnlySet<string> ids, string? keyId, CancellationToken cancellationToken)
    {
        var discarded = letters.Exist ? await letters.DiscardAsync(Of(ids), cancellationToken) : 0;
        LettersThrownAway(discarded, ids.Count, keyId ?? "nobody's");
        return discarded;
    }

    private static DeadLetterFilter Of(IReadOnlySet<string> ids) =>
        new(Also: letter => ids.Contains(letter.DeadLetterId));

    [LoggerMessage(
        LogLevel.Information, "Dead letters were put back by the viewer, {Count} of {Chosen} chosen; the key is {Key}")]
    private partial void LettersPutBack(int count, int chosen, string key);

    [LoggerMessage(
        LogLevel.Information,
        "Dead letters were thrown away by the viewer, {Count} of {Chosen} chosen; the key is {Key}")]
    private partial void LettersThrownAway(int count, int chosen, string key);
}
