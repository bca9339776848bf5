namespace Worker.Runs;

/// <summary>Something under a judged Log has changed, or may have.</summary>
/// <param name="LogId">The judged Log: the run's key.</param>
/// <param name="Complete">
/// It is finished by its own account (a complete Flow Log; a Tool or Prompt Log with its outcome).
/// </param>
internal sealed record Wake(string LogId, bool Complete)
{
    /// <inheritdoc cref="Run.Depth"/>
    public int Depth { get; init; }

    /// <inheritdoc cref="Run.JudgedId"/>
    public string? JudgedId { get; init; }
}
