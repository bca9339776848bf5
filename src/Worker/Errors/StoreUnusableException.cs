namespace Worker.Errors;

/// <summary>
/// The store cannot be used as it is, and waiting will not help: corrupt, read-only, of a later version, credentials
/// refused. One sentence with what to do.
/// </summary>
internal sealed class StoreUnusableException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Nothing is wrong with the configuration: the server is of a kind that cannot be worked with.</summary>
    public bool IsServersFault { get; init; }
}
