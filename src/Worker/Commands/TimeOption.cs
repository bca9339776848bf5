using System.CommandLine;
using System.Globalization;

namespace Worker.Commands;

/// <summary>A point in time on the command line.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset?> Create(string name, string description) => new(name)
    {
        Description = $"{description} ISO 8601; without a zone it is UTC.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(
                result.Tokens.Single().Value,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var time))
                return time;
            result.AddError($"{name} is \"{result.Tokens.Single().Value}\"; it accepts e.g. 2026-11-01T00:00:00Z.");
            return null;
        },
    };
}
