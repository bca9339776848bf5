using System.Text;
using MongoDB.Bson;

namespace MongoGateway.Authentication;

/// <summary>Who speaks on one connection. Nobody has to log in where there are no credentials.</summary>
internal sealed class Login(Credentials? credentials)
{
    private const string Mechanism = "SCRAM-SHA-256";

    private ScramConversation? _conversation;

    public bool IsAllowed { get; private set; } = credentials is null;

    public byte[] Start(Request request)
    {
        var mechanism = request.Body.GetValue("mechanism", "").AsString;
        if (mechanism is not (Mechanism or "SCRAM-SHA-1"))
        {
            throw new CommandException(
                ErrorCode.MechanismUnavailable,
                $"Received authentication for mechanism {mechanism} which is not enabled.");
        }

        // Drivers fall back to SCRAM-SHA-1 for a user whom hello does not know, and MongoDB refuses him then.
        if (mechanism != Mechanism || credentials is null)
        {
            throw ScramConversation.Failed();
        }

        _conversation = new ScramConversation(credentials, Payload(request));
        return Reply(_conversation.ServerFirst, isDone: false);
    }

    public byte[] Continue(Request request)
    {
        var conversation = _conversation ?? throw ScramConversation.Failed();
        if (conversation.IsProven)
        {
            // The empty exchange of clients that do not ask to skip it; the last message has let them in already.
            return Reply("", isDone: true);
        }

        _conversation = null;
        var signature = conversation.Prove(Payload(request));
        _conversation = conversation;
        IsAllowed = true;
        return Reply(signature, isDone: false);
    }

    public byte[] End()
    {
        IsAllowed = credentials is null;
        return new BsonDocument("ok", 1.0).ToBson();
    }

    /// <summary>Adds what hello tells a client who is about to log in.</summary>
    public void Advertise(Request hello, BsonDocument reply)
    {
        if (credentials is not null && hello.Body.GetValue("saslSupportedMechs", "").AsString.EndsWith($".{credentials.User}", StringComparison.Ordinal))
        {
            reply.Add("saslSupportedMechs", new BsonArray { Mechanism });
        }
    }

    private static string Payload(Request request) => request.Body.GetValue("payload", BsonNull.Value) is BsonBinaryData payload
        ? Encoding.UTF8.GetString(payload.Bytes)
        : throw ScramConversation.Failed();

    private static byte[] Reply(string payload, bool isDone) => new BsonDocument
    {
        { "conversationId", 1 }, { "done", isDone }, { "payload", Encoding.UTF8.GetBytes(payload) }, { "ok", 1.0 },
    }.ToBson();
}
