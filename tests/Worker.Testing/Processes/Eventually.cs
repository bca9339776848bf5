using System.Diagnostics;

namespace Worker.Testing.Processes;

/// <summary>
/// Waits for what another process will make true: looks again and again, and gives up with a sentence.
/// </summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> FindAsync<T>(string what, Func<Task<T?>> look, TimeSpan? limit = null)
        where T : class
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await look() is { } found)
                return found;
            if (Stopwatch.GetElapsedTime(began) > (limit ?? Limit))
                throw new TimeoutException($"Not seen within {limit ?? Limit}: {what}.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    public static Task IsTrueAsync(string what, Func<Task<bool>> look, TimeSpan? limit = null) =>
        FindAsync(what, async () => await look() ? "true" : null, limit);

    public static Task IsTrueAsync(string what, Func<bool> look, TimeSpan? limit = null) =>
        IsTrueAsync(what, () => Task.FromResult(look()), limit);
}
