namespace Worker.Alerts;

/// <summary>What an alert looks at. The names in files are these in snake case.</summary>
internal enum AlertMeasure
{
    /// <summary>Which part of the judgments in the window is a certain one.</summary>
    Rate,

    /// <summary>Of the judgments in the window that are numbers.</summary>
    Mean,

    /// <summary>Which part of the verdicts in the window failed.</summary>
    Errors,

    /// <summary>What the verdicts in the window cost together, in US dollars.</summary>
    Cost,

    /// <summary>How long the verdicts in the window took, in seconds.</summary>
    LatencyMean,
    LatencyP95,

    /// <summary>How many Logs wait now, because the Evaluator is paused.</summary>
    Paused,

    /// <summary>How many Logs wait now, because its budget is spent.</summary>
    OverBudget,

    /// <summary>How many dead letters there are now.</summary>
    DeadLetters,
}
