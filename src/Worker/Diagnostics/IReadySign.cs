namespace Worker.Diagnostics;

/// <summary>One thing without which the worker does not do its work. Safe for concurrent use.</summary>
internal interface IReadySign
{
    /// <summary>
    /// What is said where it is not there: no full stop, and nothing that a stranger may not read, such as an address.
    /// </summary>
    string Missing { get; }

    /// <summary>Whether it is there. What this throws counts as no.</summary>
    Task<bool> IsThereAsync(CancellationToken cancellationToken);
}
