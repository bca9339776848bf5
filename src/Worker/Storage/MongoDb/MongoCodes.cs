using System.Collections.Frozen;

namespace Worker.Storage.MongoDb;

/// <summary>The server's error codes that the worker goes by.</summary>
internal static class MongoCodes
{
    public const int Unauthorized = 13;
    public const int AuthenticationFailed = 18;
    public const int NamespaceNotFound = 26;
    public const int DuplicateKey = 11000;

    private static readonly FrozenSet<int> Transient = new[]
    {
        6, // HostUnreachable
        7, // HostNotFound
        24, // LockTimeout
        43, // CursorNotFound
        50, // MaxTimeMSExpired
        63, // StaleShardVersion
        64, // WriteConcernTimeout
        89, // NetworkTimeout
        91, // ShutdownInProgress
        112, // WriteConflict
        117, // ConflictingOperationInProgress
        133, // FailedToSatisfyReadPreference
        134, // ReadConcernMajorityNotAvailableYet
        150, // StaleEpoch
        189, // PrimarySteppedDown
        202, // NetworkInterfaceExceededTimeLimit
        246, // SnapshotUnavailable
        262, // ExceededTimeLimit
        8000, // AtlasError: of hosted services, e.g. over quota
        9001, // SocketException
        10107, // NotWritablePrimary
        11600, // InterruptedAtShutdown
        11601, // Interrupted
        11602, // InterruptedDueToReplStateChange
        13388, // StaleConfig
        13435, // NotPrimaryNoSecondaryOk
        13436, // NotPrimaryOrSecondary
        14031, // OutOfDiskSpace
        16500, // TooManyRequests, of hosted services
    }.ToFrozenSet();

    // CommandNotFound, CommandNotSupported, InvalidPipelineOperator, NotImplemented, FeatureNotSupported,
    // UnsupportedOpQueryCommand, UnrecognizedPipelineStage.
    private static readonly FrozenSet<int> NotSupported = new[] { 59, 115, 168, 238, 303, 352, 40324 }.ToFrozenSet();

    // NamespaceExists, IndexAlreadyExists, BackgroundOperationInProgressForNamespace, IndexBuildAborted,
    // IndexBuildAlreadyInProgress, DuplicateKey.
    private static readonly FrozenSet<int> BeingCreated = new[] { 48, 68, 12587, 276, 347, DuplicateKey }.ToFrozenSet();

    public static bool IsTransient(int code) => Transient.Contains(code);

    /// <summary>Another worker is making the same collection or index.</summary>
    public static bool IsBeingCreated(int code) => BeingCreated.Contains(code);

    /// <summary>The server does not know what was asked for, and never will.</summary>
    public static bool IsNotSupported(int code) => NotSupported.Contains(code);
}
