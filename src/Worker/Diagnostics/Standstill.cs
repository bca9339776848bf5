using System.Globalization;

namespace Worker.Diagnostics;

/// <summary>How long a count has not moved while there was something to do, as far as somebody looked.</summary>
internal sealed class Standstill(TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _done;

    /// <param name="isWaiting">Whether there is something to do now.</param>
    /// <param name="done">How much has been done so far.</param>
    public TimeSpan Observe(bool isWaiting, long done)
    {
        if (!isWaiting || done != _done)
            _since = time.GetTimestamp();
        _done = done;
        return time.GetElapsedTime(_since);
    }

    /// <summary>A length of time as sentences have it, e.g. <c>125 s</c>.</summary>
    public static string Text(TimeSpan length) =>
        length.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s";
}
