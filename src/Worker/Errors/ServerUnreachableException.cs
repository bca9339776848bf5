namespace Worker.Errors;

/// <summary>
/// A server did not do what was asked and may do it later: not there, gone, or silent. What was asked may be asked
/// again. The message is one sentence for the operator: what, where, what to do. Holds no password.
/// </summary>
internal sealed class ServerUnreachableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
