using FsCheck;
using FsCheck.Fluent;

namespace Worker.Testing.Fuzz;

/// <summary>
/// What a message may name, as JSON text within quotes: names of its own, and those that it has in common with its
/// neighbours.
/// </summary>
/// <param name="Own">The beginning of its own ids.</param>
/// <param name="Shared">A Log that other messages of the chunk name, too.</param>
/// <param name="Parent">The Flow Log of the chunk.</param>
internal sealed record HostileIds(string Own, string Shared, string Parent)
{
    /// <summary>A Log's, with its quotes.</summary>
    public Gen<string> LogId => Gen.Frequency(
        (10, HostileJson.Text.Select(text => $"\"{Own}{text[1..]}")),
        (3, Gen.Constant($"\"{Shared}\"")),
        (1, Gen.Elements("\"\"", "null")),
        (1, Gen.Elements(80, 83, 84, 90, 400).Select(length => $"\"{Own}{new string('漢', length)}\"")));

    /// <summary>A message's, as it stands in a property.</summary>
    public Gen<string> MessageId => Gen.Frequency(
        (3, Gen.Constant(Own + "m")), (1, Gen.Constant(Shared)), (1, Gen.Constant("")), (1, Gen.Constant(Own + "\ufffe漢")), (1, Gen.Constant(Own.PadRight(255, 'm'))));
}
