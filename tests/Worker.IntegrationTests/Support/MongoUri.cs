using System.Globalization;
using System.Text.RegularExpressions;

namespace Worker.IntegrationTests.Support;

/// <summary>A connection string of MongoDB, taken apart so that a test can change a part of it.</summary>
internal sealed partial record MongoUri(
    string Scheme, string? User, string? Password, string Hosts, string Database, string Options)
{
    private const int DefaultPort = 27017;

    /// <summary>The one server behind it; null when it names several, or a name to look them up by.</summary>
    public (string Host, int Port)? Server
    {
        get
        {
            if (Scheme != "mongodb" || Hosts.Contains(',', StringComparison.Ordinal))
                return null;
            var parts = Hosts.Split(':');
            return (parts[0], parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : DefaultPort);
        }
    }

    public static MongoUri Parse(string uri)
    {
        var match = Pattern().Match(uri);
        match.Success.ShouldBeTrue("WORKER_TEST_MONGODB is no connection string of MongoDB");
        string? Part(string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
        return new(
            Part("scheme")!,
            Part("user"),
            Part("password"),
            Part("hosts")!,
            Part("database") ?? "",
            Part("options") ?? "");
    }

    /// <summary>The same user, on another database.</summary>
    public MongoUri WithDatabase(string name)
    {
        var source = Database.Length > 0 ? Database : "admin";
        var moves = User is not null && !Options.Contains("authSource=", StringComparison.OrdinalIgnoreCase);
        return (moves ? With("authSource", source) : this) with { Database = name };
    }

    /// <summary>The same through a port of this machine, whatever hosts the server names itself.</summary>
    public MongoUri ThroughPort(int port) =>
        With("directConnection", "true") with { Hosts = $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}" };

    public MongoUri With(string option, string value) =>
        this with { Options = (Options.Length > 0 ? Options + "&" : "") + $"{option}={value}" };

    public override string ToString()
    {
        var login = (User, Password) switch
        {
            (null, _) => "",
            (_, null) => $"{User}@",
            _ => $"{User}:{Password}@",
        };
        return $"{Scheme}://{login}{Hosts}/{Database}{(Options.Length > 0 ? "?" + Options : "")}";
    }

    [GeneratedRegex(@"^(?<scheme>mongodb(\+srv)?)://((?<user>[^:@/]*)(:(?<password>[^@/]*))?@)?(?<hosts>[^/?]+)(/(?<database>[^?]*))?(\?(?<options>.*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
