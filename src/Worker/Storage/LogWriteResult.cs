namespace Worker.Storage;

/// <summary>What of a bulk write did not happen; the rest is durable.</summary>
/// <param name="Lost">Another writer was first: read, merge and write these again.</param>
/// <param name="TooLarge">
/// The merged document is over the store's limit: the message that made it so is refused.
/// </param>
internal sealed record LogWriteResult(IReadOnlyCollection<string> Lost, IReadOnlyCollection<string> TooLarge)
{
    public static readonly LogWriteResult Complete = new([], []);
}
