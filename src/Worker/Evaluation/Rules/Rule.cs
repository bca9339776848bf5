using System.Globalization;
using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>What a rule comes to over one trace; null where that cannot be known, which is an abstention.</summary>
internal abstract record Rule
{
    public abstract JsonValue? Judge(Trace trace);
}

/// <summary>A rule that holds or does not.</summary>
internal sealed record BooleanRule(Func<Trace, bool?> Holds) : Rule
{
    private static readonly JsonValue True = JsonValue.Parse("true");
    private static readonly JsonValue False = JsonValue.Parse("false");

    public override JsonValue? Judge(Trace trace) => Holds(trace) is { } holds ? holds ? True : False : null;
}

/// <summary>A rule that measures.</summary>
internal sealed record NumberRule(Func<Trace, double?> Measure) : Rule
{
    public override JsonValue? Judge(Trace trace) =>
        Measure(trace) is { } number ? JsonValue.Parse(number.ToString("R", CultureInfo.InvariantCulture)) : null;
}
