namespace Worker.Assessment;

/// <summary>Whose verdicts are compared with whose.</summary>
/// <param name="Evaluator">Its path, as it is normal, or its id.</param>
/// <param name="With">Paths of the Evaluators by which people judge; all that say so themselves when empty.</param>
/// <param name="Since">Verdicts that the Evaluator gave then or later.</param>
/// <param name="Until">Verdicts that the Evaluator gave before.</param>
/// <param name="Meant">What a judgment of people's stands for among the Evaluator's, by how people write it.</param>
/// <param name="Limit">How many Logs are named on which they differ.</param>
internal sealed record AgreementQuery(
    string Evaluator,
    IReadOnlySet<string> With,
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    IReadOnlyDictionary<string, string> Meant,
    int Limit)
{
    public bool Covers(DateTimeOffset judgedAt) => !(judgedAt < Since) && !(judgedAt >= Until);
}
