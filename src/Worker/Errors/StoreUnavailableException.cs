namespace Worker.Errors;

/// <summary>
/// The store did not do what was asked and may do it later: locked, full, unreachable. Nothing was written, or the
/// write may be repeated. The message is one sentence for the operator: what, where, what to do.
/// </summary>
internal class StoreUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
