using System.Text;
using MongoGateway.Bson;

namespace MongoGateway.Authentication;

/// <summary>Who speaks on one connection. Nobody has to log in where there are no credentials.</summary>
internal sealed class Login(Credentials? credentials)
{
    private const string Mechanism = "SCRAM-SHA-256";

    private ScramConversation? _conversation;

    public bool IsAllowed { get; private set; } = credentials is null;

    public byte[] Start(Request request)
    {
        var mechanism = request.Body.Find("mechanism")?.AsString();
        if (mechanism is not (Mechanism or "SCRAM-SHA-1"))
        {
            throw new CommandException(ErrorCode.MechanismUnavailable, $"Received authentication for mechanism {mechanism} which is not enabled.");
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
        return new BsonBuilder().Add("ok", 1.0).Build();
    }

    /// <summary>Adds what hello tells a client who is about to log in.</summary>
    public void Advertise(Request hello, BsonBuilder reply)
    {
        if (credentials is not null && hello.Body.Find("saslSupportedMechs")?.AsString().EndsWith($".{credentials.User}", StringComparison.Ordinal) == true)
        {
            reply.Add("saslSupportedMechs", [Mechanism], (array, index, name) => array.Add(index, name));
        }
    }

    private static string Payload(Request request) =>
        Encoding.UTF8.GetString(request.Body.Find("payload") is { } payload ? payload.AsBinary() : throw ScramConversation.Failed());

    private static byte[] Reply(string payload, bool isDone) => new BsonBuilder()
        .Add("conversationId", 1).Add("done", isDone).Add("payload", Encoding.UTF8.GetBytes(payload)).Add("ok", 1.0).Build();
}
