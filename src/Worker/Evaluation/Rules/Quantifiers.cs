namespace Worker.Evaluation.Rules;

/// <summary>What can hold for the Logs of a trace. Null where it cannot be known.</summary>
internal static class Quantifiers
{
    public static Fold<bool> Any(Selection logs)
    {
        bool? any = false;
        return new(
            member =>
            {
                if (any != true)
                    any |= logs.Includes(member);
            },
            () => any);
    }

    /// <summary>Whether the condition, which has to be given, holds for all of the Logs.</summary>
    public static Fold<bool> All(Selection logs) => Not(Any(logs with { Where = member => !logs.Where!(member) }));

    public static Fold<bool> Not(Fold<bool> fold) => fold with { Result = () => !fold.Result() };

    /// <summary>What several come to together.</summary>
    public static Fold<bool> Combined(
        IReadOnlyList<Func<Fold<bool>>> rules, Func<IReadOnlyList<Fold<bool>>, bool?> combine)
    {
        var folds = rules.Select(rule => rule()).ToList();
        return new(member => folds.ForEach(fold => fold.Take(member)), () => combine(folds));
    }

    /// <summary>Whether what was measured compares as it should.</summary>
    public static Fold<bool> Compared(Fold<double> measure, Predicate<double> holds) =>
        new(measure.Take, () => measure.Result() is { } number ? holds(number) : null);
}
