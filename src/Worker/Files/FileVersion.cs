using Worker.Traces;

namespace Worker.Files;

/// <summary>An immutable Version of a File.</summary>
/// <param name="Id">Derived from its File and contents (see <see cref="DerivedIds"/>).</param>
/// <param name="Details">
/// The details as first sent (a Tool's <c>tool</c> object, a Flow's <c>flow</c> object …).
/// </param>
internal sealed record FileVersion(string Id, string FileId, JsonValue Details);
