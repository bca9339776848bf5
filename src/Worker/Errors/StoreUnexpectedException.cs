namespace Worker.Errors;

/// <summary>
/// The store refused what it should have understood, and waiting will not help: a defect of the worker, or a server
/// that is not what it says. The message is one sentence with what to do.
/// </summary>
/// <param name="code">The server's; 0 where no server spoke.</param>
internal sealed class StoreUnexpectedException(int code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public int Code { get; } = code;
}
