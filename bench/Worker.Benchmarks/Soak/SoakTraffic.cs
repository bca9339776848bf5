using System.Globalization;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// What a bad day sends, trace by trace. A trace is made of the seed and its number alone, so that whoever checks it
/// makes it again, and nobody has to keep it.
/// </summary>
/// <param name="begin">When the first trace begins: what the messages say of time is counted from it.</param>
internal sealed class SoakTraffic(int seed, DateTimeOffset begin, int rate)
{
    /// <summary>Every Log of a trace that retention removes has a path under this.</summary>
    public const string AgedPath = "soak/aged";

    /// <summary>On the average, duplicates included.</summary>
    private const double MessagesPerTrace = 17.5;

    /// <summary>The last message of a trace comes so long after its first at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(14);

    /// <summary>When that trace begins, from the first on.</summary>
    public TimeSpan BeginOf(int trace) => TimeSpan.FromSeconds(trace * MessagesPerTrace / rate);

    public static Fate FateOf(int trace) => (trace % 8, trace % 5) switch
    {
        (3, _) => Fate.Aged,
        (_, 2) => Fate.Erasable,
        _ => Fate.Kept,
    };

    public static string HeadOf(int trace) => string.Create(CultureInfo.InvariantCulture, $"s{trace}-flow");

    /// <summary>In the order in which they are published.</summary>
    public IReadOnlyList<SoakMessage> Make(int trace) =>
        new TraceMaker(new Random(HashCodeOf(trace)), trace, begin + BeginOf(trace)).Make();

    private int HashCodeOf(int trace) => unchecked((seed * 486_187_739) + (trace * 16_777_619) + trace);
}
