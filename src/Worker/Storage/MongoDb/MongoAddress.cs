using MongoDB.Driver;
using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>What the worker itself takes from a connection string; the rest is the driver's to read.</summary>
/// <param name="ConnectionString">As configured. Holds the password.</param>
/// <param name="Database">As the connection string names it, else <see cref="DefaultDatabase"/>.</param>
/// <param name="Description">Hosts and database, for people. Holds no secret.</param>
internal sealed record MongoAddress(string ConnectionString, string Database, string Description)
{
    public const string DefaultDatabase = "worker";

    /// <summary>
    /// Throws <see cref="StoreUnusableException"/> when it is none. The driver's own words are left out: they repeat
    /// the string.
    /// </summary>
    public static MongoAddress Parse(string connectionString)
    {
        MongoUrl url;
        try
        {
            url = new(connectionString);
        }
        catch (Exception exception) when (exception
            is MongoConfigurationException or FormatException or ArgumentException or OverflowException)
        {
            throw MongoErrors.NotAConnectionString();
        }

        // A password with a slash in it may be read as host and database, and would be shown as such.
        if (url.DatabaseName?.AsSpan().ContainsAny("/:@") == true)
            throw MongoErrors.NotAConnectionString();

        var database = string.IsNullOrEmpty(url.DatabaseName) ? DefaultDatabase : url.DatabaseName;
        return new(connectionString, database, $"MongoDB at {HostsOf(url)}, database {database}");
    }

    /// <summary>A client that connects when it is first used.</summary>
    /// <param name="observe">Is told of every command; for tests.</param>
    public MongoClient Connect(Action<MongoClientSettings>? observe = null)
    {
        var settings = MongoClientSettings.FromConnectionString(ConnectionString);
        MongoDefaults.Complete(settings, ConnectionString);
        observe?.Invoke(settings);
        return new(settings);
    }

    public override string ToString() => Description;

    /// <summary>A name that is looked up for the hosts has no port.</summary>
    private static string HostsOf(MongoUrl url) =>
        url.Scheme == MongoDB.Driver.Core.Configuration.ConnectionStringScheme.MongoDBPlusSrv
            ? url.Server.Host
            : string.Join(',', url.Servers);
}
