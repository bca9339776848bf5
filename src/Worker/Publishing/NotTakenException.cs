namespace Worker.Publishing;

/// <summary>A message was not taken, and may be sent again. The message is one sentence; it holds no secret.</summary>
internal sealed class NotTakenException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>
    /// It may have been taken all the same: it was sent, and nobody answered. A repeat under the same
    /// <c>log_id</c> is harmless; one without makes a second Log.
    /// </summary>
    public bool MayBeTaken { get; init; }
}
