using Worker.Traces;

namespace Worker.Files;

/// <summary>A Tool, Flow, Prompt or Evaluator, located by path or by id.</summary>
/// <param name="Id">
/// Derived from kind and path (see <see cref="DerivedIds"/>), or the <c>id</c> a producer gave.
/// </param>
/// <param name="Path">Null when it is known by id alone.</param>
internal sealed record LoggedFile(string Id, LogKind Kind, string? Path);
