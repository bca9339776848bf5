using System.Globalization;
using System.Text.RegularExpressions;

namespace Worker.Benchmarks.Soak;

/// <summary>What a worker that stopped said of the messages that it had received.</summary>
internal sealed partial record WorkerAccount(string Text, long Received, long Accounted)
{
    public bool Balances => Received == Accounted;

    /// <summary>Null where it did not say it.</summary>
    public static WorkerAccount? Find(string line)
    {
        var match = Line().Match(line);
        if (!match.Success)
            return null;
        var received = long.Parse(match.Groups["received"].Value, CultureInfo.InvariantCulture);
        var parts = match.Groups["part"].Captures.Sum(part => long.Parse(part.Value, CultureInfo.InvariantCulture));
        return new(match.Value, received, parts);
    }

    [GeneratedRegex(@"Stopped: received (?<received>\d+) =( \+?\s?[a-z]+ (?<part>\d+))+", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
