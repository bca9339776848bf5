using System.Net;

namespace MongoGateway;

/// <param name="Listen">Where MongoDB's protocol is spoken.</param>
/// <param name="Postgres">Npgsql's connection string to the database that holds the documentdb extension.</param>
/// <param name="ReplicaSet">The name of the set whose only member this is; null: a standalone server.</param>
/// <param name="User">Who may log in; null: everyone may do everything, as on a server without access control.</param>
/// <param name="Log">Whether each command is noted on stderr, without its contents.</param>
/// <param name="Alone">Where the same is answered as by a standalone server; null: nowhere.</param>
internal sealed record GatewayOptions(
    IPEndPoint Listen, string Postgres, string? ReplicaSet, string? User, string? Password, bool Log, IPEndPoint? Alone)
{
    public const string Usage = """
        usage: MongoGateway --postgres CONNECTION-STRING [--listen ADDRESS:PORT] [--replica-set NAME] [--alone ADDRESS:PORT] [--log]
          --listen       default 127.0.0.1:27017
          --replica-set  answer as the primary of a replica set of one
          --alone        answer there, too, as a standalone server
          --log          note each command on stderr, without its contents
        MONGO_GATEWAY_USER and MONGO_GATEWAY_PASSWORD: who must log in; without them nobody has to.
        """;

    /// <returns>Null when the arguments cannot be understood.</returns>
    public static GatewayOptions? Parse(IReadOnlyList<string> arguments)
    {
        string? postgres = null, listen = "127.0.0.1:27017", alone = null, replicaSet = null;
        var log = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--log":
                    log = true;
                    break;
                case "--postgres" when i + 1 < arguments.Count:
                    postgres = arguments[++i];
                    break;
                case "--listen" when i + 1 < arguments.Count:
                    listen = arguments[++i];
                    break;
                case "--alone" when i + 1 < arguments.Count:
                    alone = arguments[++i];
                    break;
                case "--replica-set" when i + 1 < arguments.Count:
                    replicaSet = arguments[++i];
                    break;
                default:
                    return null;
            }
        }

        var user = Environment.GetEnvironmentVariable("MONGO_GATEWAY_USER");
        var password = Environment.GetEnvironmentVariable("MONGO_GATEWAY_PASSWORD");
        IPEndPoint? second = null;
        return postgres is null || !IPEndPoint.TryParse(listen, out var first)
            || (alone is not null && !IPEndPoint.TryParse(alone, out second)) ||
            string.IsNullOrEmpty(user) != string.IsNullOrEmpty(password)
            ? null
            : new GatewayOptions(first, postgres, replicaSet, string.IsNullOrEmpty(user) ? null : user, password, log, second);
    }

    /// <summary>One for each port.</summary>
    public IEnumerable<GatewayOptions> Listeners() =>
        Alone is null ? [this] : [this, this with { Listen = Alone, ReplicaSet = null }];
}
