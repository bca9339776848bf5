using Worker.Traces;

namespace Worker.Alerts;

/// <summary>One alert, as its file describes it.</summary>
internal sealed record Alert
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public bool IsEnabled { get; init; } = true;

    public required AlertMeasure Measure { get; init; }

    /// <summary>The path of the Evaluator that is looked at; null: any, where that is allowed.</summary>
    public string? Evaluator { get; init; }

    /// <summary>Which judgment the rate is of; null of other measures. Canonical JSON.</summary>
    public JsonValue? Judgment { get; init; }

    public required AlertBound Bound { get; init; }

    /// <summary>How far back it looks; zero where it looks at what is now.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Of fewer, nothing is said.</summary>
    public long AtLeast { get; init; }

    /// <summary>To have nothing to measure for a whole window is a breach.</summary>
    public bool TellsOfNoData { get; init; }

    public AlertTarget? Webhook { get; init; }

    public string? EvaluatorId => Evaluator is { } path ? DerivedIds.File(LogKind.Evaluator, path) : null;

    /// <summary>It looks at verdicts in a window, which can be done of the past, too.</summary>
    public bool IsOfVerdicts => Measure < AlertMeasure.Paused;
}
