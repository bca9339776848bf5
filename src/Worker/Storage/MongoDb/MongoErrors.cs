using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>
/// What MongoDB's errors mean to whoever runs the worker: one sentence each, with what to do and without a secret.
/// </summary>
internal static class MongoErrors
{
    private const string Example = "mongodb://user:password@host:27017/worker";

    public static StoreUnusableException NotAConnectionString() => new(
        $"ConnectionStrings:MongoDb is not a connection string that MongoDB's driver reads; give one like {Example}, " +
        "with @ : / % in name and password percent-encoded.");

    public static StoreUnusableException TooOld(string store, int wireVersion) => new(
        $"{store} is older than MongoDB 5.0, which the worker needs (its wire version is {wireVersion}): upgrade it, " +
        "or name another server in ConnectionStrings:MongoDb.")
    {
        IsServersFault = true,
    };

    /// <summary>What to throw instead of an exception of the driver; null for one that is not the driver's.</summary>
    /// <param name="store">What was asked, e.g. "MongoDB at host, database worker".</param>
    /// <param name="hasAnswered">It has done something with these credentials before.</param>
    /// <param name="cluster">What the driver knows of the servers.</param>
    public static Exception? Translate(
        Exception exception,
        string store,
        bool hasAnswered,
        ClusterDescription? cluster = null) => exception switch
    {
        MongoIncompatibleDriverException => Unsuitable(exception.Message, store, exception),
        MongoAuthenticationException { InnerException: MongoCommandException command } when MongoCodes.IsTransient(
            command.Code) =>
            NotNow(command.ErrorMessage, store, exception),
        // The driver calls everything a failed authentication that fails while it logs in, a broken connection too.
        MongoAuthenticationException { InnerException: not MongoCommandException and { } inner }
            when Translate(inner, store, hasAnswered, cluster) is { } meaning => meaning,
        MongoAuthenticationException => Refused(store, hasAnswered, exception),
        TimeoutException or MongoConfigurationException => NotReachable(store, cluster, exception),
        MongoBulkWriteException { WriteConcernError: { } concern } => OfCode(
            concern.Code, concern.Message, store, hasAnswered, exception),
        MongoCommandException command when !command.HasErrorLabel("RetryableWriteError") =>
            OfCode(Math.Max(command.Code, 0), command.ErrorMessage, store, hasAnswered, exception),
        MongoServerException => NotNow(exception.Message, store, exception),
        MongoConnectionException or MongoConnectionPoolPausedException or MongoWaitQueueFullException or IOException =>
            Broken(store, exception),
        MongoException => new StoreUnexpectedException(0, Misunderstood(exception.Message, store), exception),
        _ => null,
    };

    /// <summary>Of one statement in a bulk, while others were done.</summary>
    public static Exception OfStatement(BulkWriteError error, string store) =>
        OfCode(error.Code, error.Message, store, hasAnswered: true) is StoreUnavailableException passing
            ? new MongoStatementException(passing.Message)
            : OfCode(error.Code, error.Message, store, hasAnswered: true);

    private static Exception OfCode(
        int code, string words, string store, bool hasAnswered, Exception? cause = null) => code switch
    {
        MongoCodes.Unauthorized or MongoCodes.AuthenticationFailed => Refused(store, hasAnswered, cause),
        _ when MongoCodes.IsTransient(code) => NotNow($"code {code}: {OneLine.Of(words)}", store, cause),
        _ when MongoCodes.IsNotSupported(code) => Unsuitable(words, store, cause),
        _ => new StoreUnexpectedException(code, Misunderstood($"code {code}: {words}", store), cause),
    };

    private static StoreUnavailableException NotNow(string words, string store, Exception? cause) =>
        new($"{store} did not do it now ({OneLine.Of(words)}): look at the server's state.", cause);

    private static StoreUnavailableException Broken(string store, Exception cause) =>
        new(
            $"The connection to {store} broke ({OneLine.Of(Innermost(cause))}): look at the server and the network.",
            cause);

    private static StoreUnavailableException NotReachable(
        string store, ClusterDescription? cluster, Exception exception)
    {
        // The driver's own sentence is a page long; what it last met at the servers says why.
        var met = cluster?.DnsMonitorException
            ?? cluster?.Servers.Select(server => server.HeartbeatException).FirstOrDefault(error => error is not null);
        var why = met is null ? exception.Message.Split(" using ")[0] : Innermost(met);
        return new(
            $"{store} is not reachable, or has no primary: see that it runs and " +
            $"that ConnectionStrings:MongoDb names it ({OneLine.Of(why)}).",
            exception);
    }

    private static Exception Refused(string store, bool hasAnswered, Exception? cause) => hasAnswered
        ? new StoreUnavailableException(
            $"{store} no longer takes the credentials it took before: see whether they were changed.", cause)
        : new StoreUnusableException(
            $"{store} refused the credentials: see that user, password and authSource in ConnectionStrings:MongoDb " +
            "are right, and that the user may read and write that database.",
            cause);

    private static StoreUnusableException Unsuitable(string words, string store, Exception? cause) => new(
        $"{store} is of a version or kind that the worker cannot use ({OneLine.Of(words)}): upgrade it, " +
        "or name another server in ConnectionStrings:MongoDb.",
        cause)
    {
        IsServersFault = true,
    };

    private static string Misunderstood(string words, string store) =>
        $"{store} and the worker did not understand each other ({OneLine.Of(words)}): " +
        "look at the server's version and its log; if they explain nothing, report it with what --verbose adds.";

    private static string Innermost(Exception exception) => exception.InnerException is { } inner
        ? Innermost(inner)
        : exception.Message;
}
