namespace Worker.Evaluation;

/// <summary>One run of all the Evaluators of a revision that have no verdict yet.</summary>
internal sealed record Attempt(string LogId, int Revision)
{
    /// <summary>The key of its lease.</summary>
    public string Id => $"{LogId}/{Revision}";
}
