namespace Worker.Client;

/// <summary>Why a call is sent nowhere. All but the last are told to the caller, whose call returns false.</summary>
internal enum DropReason
{
    /// <summary>The memory is full: the broker is away or slow, and the spool does not take it either.</summary>
    MemoryFull,

    /// <summary>It has more bytes than a message may have.</summary>
    TooLarge,

    /// <summary>It cannot be written as JSON, e.g. a value refers to itself.</summary>
    Unserializable,

    /// <summary>The client is disposed.</summary>
    Closed,

    /// <summary>The client was disposed while neither the broker nor the spool took it.</summary>
    Shutdown,
}
