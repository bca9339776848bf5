using System.Collections.Concurrent;

namespace Worker.Evaluation.Models;

/// <summary>What each model was found to understand, while this process lives.</summary>
internal sealed class Dialects
{
    /// <summary>
    /// Answers in a row that do not keep to a format in which the model never gave one that does: from so many on, the
    /// model cannot. Where it once could, it was the data, and no trace may loosen what others are judged by.
    /// </summary>
    private const int MostMisfits = 3;

    private readonly ConcurrentDictionary<(string Provider, string Model), Known> _known = [];

    public Dialect Of(string provider, string model) =>
        _known.TryGetValue((provider, model), out var known) ? known.Dialect : Dialect.Richest;

    /// <summary>It answered, and could be read.</summary>
    public void Understood(string provider, string model, Dialect dialect) =>
        _known[(provider, model)] = new(dialect, 0, HasWorked: true);

    /// <summary>It answered, and could not be read.</summary>
    public void Misunderstood(string provider, string model, Dialect dialect) => _known.AddOrUpdate(
        (provider, model), new Known(dialect, 1, HasWorked: false), (_, known) => known.AfterMisfit(dialect));

    private sealed record Known(Dialect Dialect, int Misfits, bool HasWorked)
    {
        /// <summary>A call that began before the format was changed says nothing of the new one.</summary>
        public Known AfterMisfit(Dialect asked) =>
            asked.Format > Dialect.Format ? new(asked, 1, HasWorked: false)
            : asked.Format < Dialect.Format || HasWorked ? this
            : Misfits + 1 < MostMisfits ? new(asked, Misfits + 1, HasWorked: false)
            : new(asked.Looser, 0, HasWorked: false);
    }
}
