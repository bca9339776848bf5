namespace Worker.Storage;

/// <summary>How it stands with an alert. The stored names are these in snake case.</summary>
internal enum AlertCondition
{
    Ok,

    /// <summary>The bound is broken, and has not recovered since.</summary>
    Firing,

    /// <summary>Nothing was there to be measured, and the alert asks to be told of that.</summary>
    NoData,
}
