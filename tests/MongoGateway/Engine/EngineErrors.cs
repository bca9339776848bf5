using Npgsql;

namespace MongoGateway.Engine;

/// <summary>
/// Translates the engine's errors. Its own have an SQLSTATE of 'M' and a number in base 36; in a write error the five
/// characters are packed as PostgreSQL packs them, six bits each, the first one lowest.
/// </summary>
internal static class EngineErrors
{
    public const string Deadlock = "40P01";

    private static readonly Dictionary<string, ErrorCode> Codes = new()
    {
        ["M0000"] = ErrorCode.InternalError,
        ["M0001"] = ErrorCode.BadValue,
        ["M0003"] = ErrorCode.FailedToParse,
        ["M0004"] = ErrorCode.TypeMismatch,
        ["M0005"] = ErrorCode.Overflow,
        ["M0006"] = ErrorCode.IllegalOperation,
        ["M0008"] = ErrorCode.NamespaceNotFound,
        ["M0009"] = ErrorCode.IndexNotFound,
        ["M000A"] = ErrorCode.PathNotViable,
        ["M000D"] = ErrorCode.ConflictingUpdateOperators,
        ["M000E"] = ErrorCode.CursorNotFound,
        ["M000F"] = ErrorCode.NamespaceExists,
        ["M000G"] = ErrorCode.DollarPrefixedFieldName,
        ["M000J"] = ErrorCode.EmptyFieldName,
        ["M000K"] = ErrorCode.DottedFieldName,
        ["M000M"] = ErrorCode.ImmutableField,
        ["M000N"] = ErrorCode.CannotCreateIndex,
        ["M000O"] = ErrorCode.IndexAlreadyExists,
        ["M000P"] = ErrorCode.InvalidOptions,
        ["M000Q"] = ErrorCode.InvalidNamespace,
        ["M000R"] = ErrorCode.IndexOptionsConflict,
        ["M000S"] = ErrorCode.IndexKeySpecsConflict,
        ["M000U"] = ErrorCode.CommandNotSupported,
        ["M000W"] = ErrorCode.ExceededMemoryLimit,
        ["M0012"] = ErrorCode.InvalidIndexSpecificationOption,
        ["M0015"] = ErrorCode.ConversionFailure,
        ["M0017"] = ErrorCode.IndexBuildAborted,
        ["M001B"] = ErrorCode.BsonObjectTooLarge,
        ["M001C"] = ErrorCode.DuplicateKey,
        ["M001D"] = ErrorCode.BackgroundOperationInProgressForNamespace,
        ["M003A"] = ErrorCode.DocumentAfterUpdateTooLarge,
        ["M003B"] = ErrorCode.DocumentToUpsertTooLarge,
        ["M007U"] = ErrorCode.UnrecognizedStage,
        ["M0088"] = ErrorCode.UnknownField,
        ["M00CO"] = ErrorCode.DocumentValidationFailure,
        ["M00E8"] = ErrorCode.NotWritablePrimary,
        ["M00ER"] = ErrorCode.Unauthorized,
        ["M00EW"] = ErrorCode.LockTimeout,
        ["M00EX"] = ErrorCode.MaxTimeMSExpired,
        ["M00EY"] = ErrorCode.CommandNotFound,
        ["M00F0"] = ErrorCode.ShutdownInProgress,
        ["M00F1"] = ErrorCode.WriteConflict,
        ["M00F2"] = ErrorCode.ConflictingOperationInProgress,
        ["M00FE"] = ErrorCode.CannotIndexParallelArrays,
        ["M00FF"] = ErrorCode.QueryPlanKilled,
        ["22003"] = ErrorCode.Overflow,
        ["23505"] = ErrorCode.DuplicateKey,
        ["40001"] = ErrorCode.WriteConflict,
        [Deadlock] = ErrorCode.WriteConflict,
        ["53100"] = ErrorCode.OutOfDiskSpace,
        ["54000"] = ErrorCode.BsonObjectTooLarge,
        ["55P03"] = ErrorCode.LockTimeout,
        ["57014"] = ErrorCode.MaxTimeMSExpired,
        ["57P01"] = ErrorCode.ShutdownInProgress,
        ["57P02"] = ErrorCode.ShutdownInProgress,
        ["57P03"] = ErrorCode.ShutdownInProgress,
    };

    public static CommandException Translate(PostgresException error) =>
        Translate(error.SqlState, error.MessageText);

    /// <summary>The engine could not be asked, or broke off: what it did is not known.</summary>
    public static CommandException Translate(NpgsqlException error) =>
        new(ErrorCode.HostUnreachable, $"The document engine cannot be reached: {error.Message}");

    public static CommandException Translate(int packedState, string message) =>
        Translate(Unpack(packedState), message);

    public static ErrorCode CodeOf(int packedState) =>
        Codes.GetValueOrDefault(Unpack(packedState), ErrorCode.InternalError);

    private static CommandException Translate(string state, string message) => Codes.TryGetValue(state, out var code)
        ? new CommandException(code, message)
        : new CommandException(
            ErrorCode.InternalError, $"{message} (the engine's error {state}, which the gateway does not know)");

    private static string Unpack(int packed) =>
        string.Create(5, packed, static (text, packed) =>
        {
            for (var i = 0; i < text.Length; i++, packed >>= 6)
            {
                text[i] = (char)((packed & 0x3F) + '0');
            }
        });
}
