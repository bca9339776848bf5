namespace Worker.Front;

/// <summary>
/// Says once that messages cannot be taken, and once that they are again, however many requests see it.
/// </summary>
internal sealed partial class Outage(ILogger<Outage> logger)
{
    private int _lasts, _isUnread;

    public void Began(string reason)
    {
        if (Interlocked.Exchange(ref _lasts, 1) == 0)
            RequestsNotTaken(reason);
    }

    public void Ended()
    {
        if (Volatile.Read(ref _lasts) == 1 && Interlocked.Exchange(ref _lasts, 0) == 1)
            RequestsTakenAgain();
    }

    /// <summary>The store could not be asked.</summary>
    public void Unread(string reason)
    {
        if (Interlocked.Exchange(ref _isUnread, 1) == 0)
            StoreNotRead(reason);
    }

    public void Read() => Volatile.Write(ref _isUnread, 0);

    [LoggerMessage(LogLevel.Warning, "Requests cannot be taken, and are answered 503 until they can: {Reason}")]
    private partial void RequestsNotTaken(string reason);

    [LoggerMessage(LogLevel.Information, "Requests are taken again")]
    private partial void RequestsTakenAgain();

    [LoggerMessage(
        LogLevel.Warning, "The front could not ask the store, and answers by what the request says: {Reason}")]
    private partial void StoreNotRead(string reason);
}
