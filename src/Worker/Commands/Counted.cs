using System.Globalization;

namespace Worker.Commands;

/// <summary>Numbers with their nouns.</summary>
internal static class Counted
{
    public static string Phrase(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
