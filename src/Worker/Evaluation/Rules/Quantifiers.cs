using System.Globalization;

namespace Worker.Evaluation.Rules;

/// <summary>What can hold for the Logs of a trace. Null where it cannot be known.</summary>
internal static class Quantifiers
{
    private const int ToldClauses = 3;

    public static Fold<bool> Any(Selection logs)
    {
        bool? any = false;
        var (looked, told) = (0, "");
        return new(
            member =>
            {
                if (any == true)
                    return;
                any |= logs.Includes(member);
                if (logs.Told is not null && logs.Of(member) && (looked++ == 0 || any == true))
                    told = logs.Tell(member);
            },
            () => any)
        {
            Seen = () => (logs.Told, looked) switch
            {
                (null, _) => null,
                (_, 0) => "there is no such Log",
                ([], _) => "there is such a Log",
                (_, 1) => told,
                _ => $"{looked} Logs; of one, {told}",
            },
        };
    }

    /// <summary>Whether the condition, which has to be given, holds for all of the Logs.</summary>
    public static Fold<bool> All(Selection logs) => Not(Any(logs with { Where = member => !logs.Where!(member) }));

    public static Fold<bool> Not(Fold<bool> fold) => fold with { Result = () => !fold.Result() };

    /// <summary>What several come to together.</summary>
    public static Fold<bool> Combined(
        IReadOnlyList<Func<Fold<bool>>> rules, Func<IReadOnlyList<Fold<bool>>, bool?> combine)
    {
        var folds = rules.Select(rule => rule()).ToList();
        return new(member => folds.ForEach(fold => fold.Take(member)), () => combine(folds))
        {
            Seen = () => folds.Where(fold => fold.Result() != true).Select(fold => fold.Seen()).OfType<string>()
                .Take(ToldClauses).ToList() is { Count: > 0 } told ? string.Join("; ", told) : null,
        };
    }

    /// <summary>Whether what was measured compares as it should.</summary>
    public static Fold<bool> Compared(string name, Fold<double> measure, Predicate<double> holds) =>
        new(measure.Take, () => measure.Result() is { } number ? holds(number) : null)
        {
            Seen = () => measure.Result() is { } number
                ? string.Create(CultureInfo.InvariantCulture, $"{name} is {number:R}")
                : $"{name} is not known",
        };
}
