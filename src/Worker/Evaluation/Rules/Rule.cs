using System.Globalization;
using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>What a rule comes to over one trace; null where that cannot be known, which is an abstention.</summary>
internal abstract record Rule
{
    public abstract Fold<JsonValue> Begin();
}

/// <summary>A rule that holds or does not.</summary>
internal sealed record BooleanRule(Func<Fold<bool>> Holds) : Rule
{
    private static readonly JsonValue True = JsonValue.Parse("true");
    private static readonly JsonValue False = JsonValue.Parse("false");

    public override Fold<JsonValue> Begin()
    {
        var fold = Holds();
        return new(fold.Take, () => fold.Result() is { } holds ? holds ? True : False : null);
    }
}

/// <summary>A rule that measures.</summary>
internal sealed record NumberRule(Func<Fold<double>> Measure) : Rule
{
    public override Fold<JsonValue> Begin()
    {
        var fold = Measure();
        return new(fold.Take, () => fold.Result() is { } number
            ? JsonValue.Parse(number.ToString("R", CultureInfo.InvariantCulture))
            : null);
    }
}
