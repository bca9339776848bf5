using Worker.Traces;

namespace Worker.Retention;

/// <summary>A trace as retention looks at it: the outermost Log, and sums over everything beneath.</summary>
/// <param name="Newest">
/// When its newest content came, in microseconds since the Unix epoch (see <see cref="NewestOf"/>).
/// </param>
/// <param name="Bytes">About how large its Logs are.</param>
/// <param name="LogIds">All of its Logs: the outermost first, none before the one it is under.</param>
internal sealed record OldTrace(Log Head, long Newest, long Bytes, IReadOnlyList<string> LogIds)
{
    /// <summary>
    /// What is said of the outermost Log: each judgment, as JSON and as bare text; <c>error</c> where an Evaluator
    /// failed.
    /// </summary>
    public IReadOnlySet<string> Verdicts { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// When the last was said of a Log: by the sender's clock where there is one, else when the message came. A time
    /// that lies ahead counts for nothing, or a clock that is wrong would keep the Log for ever.
    /// </summary>
    public static long NewestOf(Log log, long now)
    {
        var newest = log.FirstReceivedAt;
        foreach (var entry in log.Fields)
        {
            if (entry.Stamp.At > newest && entry.Stamp.At <= now)
                newest = entry.Stamp.At;
        }

        foreach (var receipt in log.Receipts)
        {
            if (receipt.Stamp.At > newest && receipt.Stamp.At <= now)
                newest = receipt.Stamp.At;
        }

        return newest;
    }
}
