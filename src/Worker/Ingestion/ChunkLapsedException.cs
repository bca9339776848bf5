using Worker.Errors;

namespace Worker.Ingestion;

/// <summary>
/// A chunk was not dealt with, for the reason within; all that is held goes back to where it came from.
/// </summary>
internal sealed class ChunkLapsedException(Exception reason) : Exception(reason.Message, reason)
{
    /// <summary>Nothing is wrong with the messages: the store or the broker did not answer.</summary>
    public bool IsOutage => IsOutageReason(InnerException!);

    public static bool IsOutageReason(Exception reason) =>
        reason is StoreUnavailableException or ServerUnreachableException;
}
