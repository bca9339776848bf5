using System.Collections.Immutable;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>Which Files a list shows, and in which order.</summary>
/// <param name="Kinds">Of one of these.</param>
internal sealed record FileQuery(ImmutableArray<LogKind> Kinds)
{
    /// <summary>Their path contains this, in whatever case of the letters A to Z.</summary>
    public string? Name { get; init; }

    /// <summary>Their path is this, or begins with this and a slash.</summary>
    public string? Folder { get; init; }

    /// <summary>Exactly that path, as paths are normalised.</summary>
    public string? Path { get; init; }

    /// <summary>Something is deployed to it.</summary>
    public string? Environment { get; init; }

    /// <summary>By path; else by since when they are stored. Files alike stand in the order of ids.</summary>
    public bool ByPath { get; init; }

    public bool Descending { get; init; }
}
