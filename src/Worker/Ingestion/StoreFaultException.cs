using Worker.Errors;

namespace Worker.Ingestion;

/// <summary>
/// The store fails for every message alike, in a way that it does not call an outage. Nobody is to blame but the store:
/// it is waited for like one that is away.
/// </summary>
internal sealed class StoreFaultException(string message, Exception innerException)
    : StoreUnavailableException(message, innerException);
