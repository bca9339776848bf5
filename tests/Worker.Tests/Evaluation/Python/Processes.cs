using System.Diagnostics;
using System.Globalization;

namespace Worker.Tests.Evaluation.Python;

/// <summary>Processes that are nobody's own here: looked at as the kernel tells of them.</summary>
internal static class Processes
{
    public static bool Exists(int id) => State(id) is not null and not "Z";

    public static IReadOnlyList<int> ChildrenOf(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && Exists(id) && Stat(id) is [_, var itsParent, ..] && itsParent == $"{parent}"),
    ];

    public static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    /// <summary>Returns when that is so; fails where it takes half a minute.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var clock = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
            await ticks.WaitForNextTickAsync(clock.Token);
    }

    private static string? State(int id) => Stat(id) is [var state, ..] ? state : null;

    /// <summary>What follows the name: state, parent, group and so on.</summary>
    private static string[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
