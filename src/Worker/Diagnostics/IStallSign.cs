namespace Worker.Diagnostics;

/// <summary>
/// Watches over one thing that can stand still without failing. Asked by one caller, again and again.
/// </summary>
internal interface IStallSign
{
    /// <summary>
    /// Looks once. Throws whatever the server throws that it asks: then nothing is known of this sign. It need not be
    /// quick; whoever asks waits for a few seconds.
    /// </summary>
    /// <param name="after">How long a thing may stand still.</param>
    /// <param name="cancellationToken">Fires when nobody waits for the answer any more.</param>
    /// <returns>Null while it goes on, or has nothing to do.</returns>
    Task<Stall?> LookAsync(TimeSpan after, CancellationToken cancellationToken);
}
