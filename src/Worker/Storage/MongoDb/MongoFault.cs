namespace Worker.Storage.MongoDb;

/// <summary>Where a command failed.</summary>
internal enum MongoFault
{
    /// <summary>The server refused it, and says why by a code.</summary>
    Server,

    /// <summary>The connection broke, or the reply did not come in time.</summary>
    Network,

    /// <summary>No server that could take it was found in time: unreachable, unresolvable, or without a primary.</summary>
    NoServer,

    /// <summary>The credentials were refused.</summary>
    Credentials,

    /// <summary>The connection string is none.</summary>
    ConnectionString,

    /// <summary>The driver's library is not installed.</summary>
    MissingDriver,

    /// <summary>The driver does not work with a server of that version or kind.</summary>
    Incompatible,

    /// <summary>The driver and the server do not understand each other.</summary>
    Driver,
}
