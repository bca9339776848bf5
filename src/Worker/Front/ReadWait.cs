using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Worker.Storage;

namespace Worker.Front;

/// <summary>
/// Lets a reader see what was written at this front before: for as long as <c>Prefer: wait=SECONDS</c> says, or
/// <see cref="FrontOptions.ReadWait"/>. What was written elsewhere it knows nothing of.
/// </summary>
internal sealed class ReadWait(RecentWrites recent, ILogStore logs, IOptions<FrontOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns whether all that was written of the Log and under it is stored now.</summary>
    public async Task<bool> UntilSeenAsync(HttpContext context, string logId)
    {
        var (began, limit, pause) = (time.GetTimestamp(), Limit(context), FirstPause);
        var missing = recent.Of(logId);
        while (true)
        {
            missing = await MissingAsync(missing, context.RequestAborted);
            if (missing.Count == 0 || time.GetElapsedTime(began) >= limit)
                return missing.Count == 0;
            await Task.Delay(pause, time, context.RequestAborted);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<IReadOnlyList<RecentWrite>> MissingAsync(
        IReadOnlyList<RecentWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0)
            return writes;
        var stored = await logs.ReadAsync(
            [.. writes.Select(write => write.LogId).Distinct(StringComparer.Ordinal)], cancellationToken);
        return [.. writes.Where(write => !write.IsIn(stored.GetValueOrDefault(write.LogId)))];
    }

    private TimeSpan Limit(HttpContext context)
    {
        foreach (var preference in context.Request.Headers.GetCommaSeparatedValues("Prefer"))
        {
            if (!preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                || !int.TryParse(
                    preference.AsSpan("wait=".Length).Trim('"'),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var seconds))
                continue;
            context.Response.Headers["Preference-Applied"] = preference;
            return seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
        }

        return options.Value.ReadWait;
    }
}
