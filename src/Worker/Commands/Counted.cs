using System.Globalization;

namespace Worker.Commands;

/// <summary>A count with its noun, e.g. <c>1,234 dead letters</c>.</summary>
internal static class Counted
{
    public static string Phrase(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
