namespace Worker.Storage.MongoDb;

/// <summary>What the worker itself takes from a connection string; the rest is the driver's to read.</summary>
/// <param name="ConnectionString">As configured. Holds the password.</param>
/// <param name="Database">As the connection string names it, else <see cref="DefaultDatabase"/>.</param>
/// <param name="Description">Hosts and database, for people. Holds no secret.</param>
internal sealed record MongoAddress(string ConnectionString, string Database, string Description)
{
    public const string DefaultDatabase = "worker";

    private static readonly string[] Schemes = ["mongodb://", "mongodb+srv://"];

    /// <summary>Throws <see cref="StoreUnusableException"/> when it is no connection string at all.</summary>
    public static MongoAddress Parse(string connectionString)
    {
        var scheme = Schemes.FirstOrDefault(scheme => connectionString.StartsWith(scheme, StringComparison.Ordinal)) ?? throw MongoErrors.NotAConnectionString();
        var rest = connectionString[scheme.Length..].Split('?', 2)[0];
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        var parts = rest.Split('/', 2);
        if (parts[0].Length == 0)
            throw MongoErrors.NotAConnectionString();

        var database = parts.Length == 2 && parts[1].Length > 0 ? Uri.UnescapeDataString(parts[1]) : DefaultDatabase;
        return new(connectionString, database, $"MongoDB at {Uri.UnescapeDataString(parts[0])}, database {database}");
    }

    public override string ToString() => Description;
}
