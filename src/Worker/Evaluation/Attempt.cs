namespace Worker.Evaluation;

/// <summary>
/// One go at the Evaluators of a revision that have not answered: all cheap ones of a run are run together.
/// </summary>
internal sealed record Attempt(string LogId, int Revision)
{
    /// <summary>What its lease is held on.</summary>
    public string Id => $"{LogId}/{Revision}";
}
