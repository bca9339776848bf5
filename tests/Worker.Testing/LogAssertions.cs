using Shouldly;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>Equality of Logs by content, told property by property.</summary>
internal static class LogAssertions
{
    public static void ShouldBeLog(this Log actual, Log expected)
    {
        actual.Fields.Select(Describe).ShouldBe(expected.Fields.Select(Describe));
        actual.Receipts.ShouldBe(expected.Receipts);
        actual.Batches.ShouldBe(expected.Batches);
        actual.Parents.ShouldBe(expected.Parents);
        actual.Problems.ShouldBe(expected.Problems);
        Scalars(actual).ShouldBe(Scalars(expected));
    }

    private static string Describe(FieldEntry entry) => $"{entry.Field.Name} = {entry.Value?.ToString() ?? "unset"} by {entry.Stamp}";

    private static Log Scalars(Log log) => log with { Fields = [], Receipts = [], Batches = [], Parents = [], Problems = [] };
}
