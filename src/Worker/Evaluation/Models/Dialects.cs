using System.Collections.Concurrent;

namespace Worker.Evaluation.Models;

/// <summary>What each model was found to understand, while this process lives.</summary>
internal sealed class Dialects
{
    /// <summary>
    /// Answers in a row that do not keep to the format: from so many on, the model cannot, and it was not the data.
    /// </summary>
    private const int MostMisfits = 3;

    private readonly ConcurrentDictionary<(string Provider, string Model), (Dialect Dialect, int Misfits)> _known = [];

    public Dialect Of(string provider, string model) =>
        _known.TryGetValue((provider, model), out var known) ? known.Dialect : Dialect.Richest;

    /// <summary>It answered, and could be read.</summary>
    public void Understood(string provider, string model, Dialect dialect) =>
        _known[(provider, model)] = (dialect, 0);

    /// <summary>It answered, and could not be read.</summary>
    public void Misunderstood(string provider, string model, Dialect dialect) =>
        _known.AddOrUpdate(
            (provider, model),
            (dialect, 1),
            (_, known) => known.Misfits + 1 < MostMisfits ? (dialect, known.Misfits + 1) : (dialect.Looser, 0));
}
