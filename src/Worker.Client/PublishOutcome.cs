namespace Worker.Client;

/// <summary>What the broker made of a batch.</summary>
/// <param name="Failure">Null where it has all of it; else a sentence without its full stop.</param>
/// <param name="Confirmed">Of each message; not read where nothing failed.</param>
internal sealed record PublishOutcome(string? Failure, IReadOnlyList<bool> Confirmed)
{
    public static readonly PublishOutcome AllConfirmed = new(null, []);
}
