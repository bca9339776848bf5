using Worker.Files;
using Worker.Traces;

namespace Worker.Front;

/// <summary>A Log as it will be once its message is read, as far as is known now.</summary>
/// <param name="Log">With its File and Version.</param>
/// <param name="Files">What is known of these.</param>
internal sealed record TakenLog(Log Log, FileCatalog Files)
{
    public Resolution Resolution => Log.Resolution ?? Resolution.None;

    /// <summary>Of its File; null where it has none, or nobody knows.</summary>
    public string? Path => (Resolution.FileId is { } id ? Files.Files.GetValueOrDefault(id)?.Path : null) ?? Log.Path;
}
