namespace Worker.IntegrationTests.Support;

/// <summary>Where the servers are that the tests may use: set by <c>./test.sh</c>, or by hand.</summary>
public static class TestServers
{
    public const string RabbitMqMissing =
        "Needs RabbitMQ: run ./test.sh, or eng/servers.sh start followed by eval \"$(eng/servers.sh env)\", " +
        "or set WORKER_TEST_RABBITMQ and WORKER_TEST_RABBITMQ_MANAGEMENT to servers of your own " +
        "(and for the second run of ./test.sh WORKER_TEST_RABBITMQ4 and WORKER_TEST_RABBITMQ4_MANAGEMENT).";

    public const string MongoDbMissing =
        "Needs MongoDB: run ./test.sh, or eng/servers.sh start followed by eval \"$(eng/servers.sh env)\", " +
        "or set WORKER_TEST_MONGODB to a server of your own, whose databases worker_test_* are made and dropped.";

    /// <summary>By which <c>./test.sh</c> finds what it runs again on another broker.</summary>
    internal static readonly IReadOnlyCollection<KeyValuePair<string, string>> NeedsRabbitMq = [new(
        "Needs", "RabbitMQ")];

    public static string? MongoDb => Environment.GetEnvironmentVariable("WORKER_TEST_MONGODB") is { Length: > 0 } uri
        ? uri
        : null;

    public static bool HasMongoDb => MongoDb is not null;

    public static string? RabbitMq => Environment.GetEnvironmentVariable("WORKER_TEST_RABBITMQ") is { Length: > 0 } uri
        ? uri
        : null;

    public static bool HasRabbitMq => RabbitMq is not null;

    public static bool HasBoth => HasMongoDb && HasRabbitMq;

    /// <summary>The management API; where nothing names it, the broker's own host on the usual port.</summary>
    public static Uri Management
    {
        get
        {
            if (Environment.GetEnvironmentVariable("WORKER_TEST_RABBITMQ_MANAGEMENT") is { Length: > 0 } given)
                return new Uri(given);

            var broker = new Uri(RabbitMq!);
            return new UriBuilder("http", broker.Host, 15672) { UserName = broker.UserInfo.Split(':')[0], Password = broker.UserInfo.Split(':')[^1] }.Uri;
        }
    }
}
