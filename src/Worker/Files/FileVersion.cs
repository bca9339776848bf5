using Worker.Traces;

namespace Worker.Files;

/// <summary>An immutable Version of a File.</summary>
/// <param name="Id">Derived from its File and contents (see <see cref="DerivedIds"/>).</param>
/// <param name="Details">
/// The details as first sent (a Tool's <c>tool</c> object, a Flow's <c>flow</c> object …).
/// </param>
internal sealed record FileVersion(string Id, string FileId, JsonValue Details)
{
    /// <summary>
    /// It came from a worker's own files: only a worker that reads them says so, when it starts, and nothing that comes
    /// by message or API. See <see cref="RemoteCode"/>.
    /// </summary>
    public bool IsFromFiles { get; init; }
}
