using Worker.Files;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// A verdict from outside. It is bound to no revision of what it is on, and nothing but a message of its own supersedes
/// it.
/// </summary>
/// <param name="Files">Holds its Evaluator and Version, where they are stored.</param>
internal sealed record PostedVerdict(Log Log, FileCatalog Files)
{
    public string? Path =>
        (Log.Resolution?.FileId is { } id ? Files.Files.GetValueOrDefault(id)?.Path : null) ?? Log.Path;
}
