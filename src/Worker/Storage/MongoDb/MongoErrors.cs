using Worker.Hosting;

namespace Worker.Storage.MongoDb;

/// <summary>What MongoDB's errors mean to whoever runs the worker: one sentence each, with what to do and without a secret.</summary>
internal static class MongoErrors
{
    private const string Example = "mongodb://user:password@host:27017/worker";

    public static StoreUnusableException NotAConnectionString(Exception? cause = null) => new(
        $"ConnectionStrings:MongoDb is not a connection string that MongoDB's driver reads; give one like {Example}, with @ : / % in name and password percent-encoded.",
        cause);

    /// <summary>
    /// The exception to throw instead: one that says whether waiting helps; else a <see cref="MongoException"/> that is as it was
    /// but for its words.
    /// </summary>
    /// <param name="store">What was asked, e.g. "MongoDB at host, database worker".</param>
    /// <param name="hasAnswered">It has done something with these credentials before.</param>
    public static Exception Translate(MongoException error, string store, bool hasAnswered) => error.Fault switch
    {
        MongoFault.ConnectionString => NotAConnectionString(error),
        MongoFault.MissingDriver => new StoreUnusableException(
            "MongoDB's C driver is not installed: install libmongoc-1.0-0 (on Ubuntu 24.04 and Debian 13 libmongoc-1.0-0t64), which brings libmongoc-1.0.so.0 and libbson-1.0.so.0.",
            error),
        MongoFault.Incompatible => Unsuitable(error, store),
        MongoFault.Credentials when !hasAnswered => Refused(error, store),
        MongoFault.Server when IsRefusal(error.Code) && !hasAnswered => Refused(error, store),
        MongoFault.NoServer => new StoreUnavailableException(
            $"{store} is not reachable, or has no primary: see that it runs and that ConnectionStrings:MongoDb names it ({OneLine.Of(error.Message)}).", error),
        MongoFault.Network => new StoreUnavailableException($"The connection to {store} broke ({OneLine.Of(error.Message)}): look at the server and the network.", error),
        _ when error.Fault is MongoFault.Credentials || IsRefusal(error.Code) => new StoreUnavailableException($"{store} no longer takes the credentials it took before: see whether they were changed.", error),
        _ when error.IsTransient => new StoreUnavailableException($"{store} did not do it now (code {error.Code}: {OneLine.Of(error.Message)}): look at the server's state.", error),
        MongoFault.Server when MongoCodes.IsNotSupported(error.Code) => Unsuitable(error, store),
        _ => error.InWords(
            $"{store} and the worker did not understand each other (code {error.Code}: {OneLine.Of(error.Message)}): look at the server's version and its log; if they explain nothing, report it with what --verbose adds."),
    };

    private static bool IsRefusal(int code) => code is MongoCodes.AuthenticationFailed or MongoCodes.Unauthorized;

    private static StoreUnusableException Unsuitable(MongoException error, string store) => new(
        $"{store} is of a version or kind that the worker cannot use ({OneLine.Of(error.Message)}): upgrade it, or name another server in ConnectionStrings:MongoDb.",
        error)
    {
        IsServersFault = true,
    };

    private static StoreUnusableException Refused(MongoException error, string store) => new(
        $"{store} refused the credentials: see that user, password and authSource in ConnectionStrings:MongoDb are right, and that the user may read and write that database.",
        error);
}
