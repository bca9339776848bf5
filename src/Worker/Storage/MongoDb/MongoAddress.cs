using System.Globalization;

namespace Worker.Storage.MongoDb;

/// <summary>What the worker itself takes from a connection string; the rest is the driver's to read.</summary>
/// <param name="ConnectionString">As configured. Holds the password.</param>
/// <param name="Database">As the connection string names it, else <see cref="DefaultDatabase"/>.</param>
/// <param name="Description">Hosts and database, for people. Holds no secret.</param>
internal sealed record MongoAddress(string ConnectionString, string Database, string Description)
{
    public const string DefaultDatabase = "worker";

    private static readonly string[] Schemes = ["mongodb://", "mongodb+srv://"];

    /// <summary>
    /// Throws <see cref="StoreUnusableException"/> when it is none. A password with a reserved character in it is refused as such:
    /// drivers do not agree on where it ends, and what they took for a host would be shown.
    /// </summary>
    public static MongoAddress Parse(string connectionString)
    {
        var scheme = Schemes.FirstOrDefault(scheme => connectionString.StartsWith(scheme, StringComparison.Ordinal)) ?? throw MongoErrors.NotAConnectionString();
        var parts = connectionString[scheme.Length..].Split('?', 2)[0].Split('/', 2);
        var (authority, database) = (parts[0].Split('@'), parts.ElementAtOrDefault(1) ?? "");
        var (user, hosts) = (authority.Length > 1 ? authority[0] : null, authority[^1]);
        if (authority.Length > 2 || !(user is null || IsUser(user)) || !hosts.Split(',').All(IsHost) || database.AsSpan().ContainsAny("/:@"))
            throw MongoErrors.NotAConnectionString();

        database = database.Length == 0 ? DefaultDatabase : Uri.UnescapeDataString(database);
        return new(connectionString, database, $"MongoDB at {Uri.UnescapeDataString(hosts)}, database {database}");
    }

    public override string ToString() => Description;

    private static bool IsUser(string user) => user.Length > 0 && user[0] != ':' && user.Count(':') <= 1;

    /// <summary>A name or an address, IPv6 in brackets, with or without a port; or a socket's percent-encoded path.</summary>
    private static bool IsHost(string host)
    {
        var name = host.StartsWith('[') ? host.IndexOf(']') + 1 : host.IndexOf(':') is var colon and >= 0 ? colon : host.Length;
        return name > 0 && (name == host.Length || (host[name] == ':' && ushort.TryParse(host.AsSpan(name + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0));
    }
}
