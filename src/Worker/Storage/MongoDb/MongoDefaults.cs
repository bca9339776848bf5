using MongoDB.Driver;

namespace Worker.Storage.MongoDb;

/// <summary>
/// What the driver is told where the connection string says nothing: nothing waits for ever, an outage is noticed while
/// it can still be told, and a worker holds no more connections than it uses.
/// </summary>
internal static class MongoDefaults
{
    /// <summary>
    /// A worker has few commands under way at once; a hundred workers should not open ten thousand connections.
    /// </summary>
    private const int MaxPoolSize = 16;

    private static readonly (string Option, Action<MongoClientSettings> Set)[] All =
    [
        ("connectTimeout", settings => settings.ConnectTimeout = TimeSpan.FromSeconds(5)),
        ("serverSelectionTimeout", settings => settings.ServerSelectionTimeout = TimeSpan.FromSeconds(5)),
        ("socketTimeout", settings => settings.SocketTimeout = TimeSpan.FromSeconds(30)),
        ("waitQueueTimeout", settings => settings.WaitQueueTimeout = TimeSpan.FromSeconds(10)),
        ("maxPoolSize", settings => settings.MaxConnectionPoolSize = MaxPoolSize),
        ("appName", settings => settings.ApplicationName = "worker"),
    ];

    public static void Complete(MongoClientSettings settings, string connectionString)
    {
        // Options may be spelled in any case, and times with or without their unit at the end of the name.
        var options = connectionString.Split('?')[^1].Split('&', ';');
        foreach (var (option, set) in All)
        {
            if (!options.Any(given => given.StartsWith(option, StringComparison.OrdinalIgnoreCase)))
                set(settings);
        }
    }
}
