namespace Worker.Evaluation;

/// <summary>That one Evaluator is to judge one revision, which it has not answered yet.</summary>
/// <param name="LogId">The judged Log.</param>
/// <param name="VersionId">Of the Evaluator, as it was pinned.</param>
internal sealed record Attempt(string LogId, int Revision, string EvaluatorId, string VersionId)
{
    /// <summary>The key of its lease.</summary>
    public string Id => $"{LogId}/{Revision}/{EvaluatorId}";
}
