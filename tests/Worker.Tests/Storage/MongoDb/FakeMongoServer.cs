using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using Worker.Storage.MongoDb;

namespace Worker.Tests.Storage.MongoDb;

/// <summary>
/// A port that speaks just enough of MongoDB's wire protocol for a driver to hear what it is and to be told what a test
/// wants it to be told. It remembers the commands, but for those by which a driver keeps itself informed. What is not
/// said to be answered in another way is done, or refused where it was made with a refusal.
/// </summary>
internal sealed class FakeMongoServer : IAsyncDisposable
{
    /// <summary>MongoDB 7.0.</summary>
    public const int Modern = 21;

    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMessage = 2013;
    private const int OpMessageHead = 21;
    private const int OpReplyHead = 36;

    private static readonly string[] OfTheDriver = ["hello", "ismaster", "endSessions"];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Func<BsonDocument, BsonDocument>> _answers = new();
    private readonly Task _serving;
    private readonly int _maxWireVersion;
    private readonly (int Code, string Words)? _refusal;
    private readonly X509Certificate2? _certificate;

    /// <param name="maxWireVersion">What it says that it speaks.</param>
    /// <param name="refusal">What every command but the driver's own is answered.</param>
    /// <param name="certificate">Null: without TLS.</param>
    public FakeMongoServer(
        int maxWireVersion = Modern, (int Code, string Words)? refusal = null, X509Certificate2? certificate = null)
    {
        _maxWireVersion = maxWireVersion;
        _refusal = refusal;
        _certificate = certificate;
        _listener.Start();
        _serving = AcceptAsync();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What it was asked, with the documents that came beside a command as its list.</summary>
    public ConcurrentQueue<BsonDocument> Commands { get; } = [];

    /// <summary>The name of the set whose primary it is; null: a server alone.</summary>
    public string? ReplicaSet { get; init; }

    /// <summary>Answers every command but the driver's own; null: as they are told to be.</summary>
    public Func<BsonDocument, Task<BsonDocument>>? Answer { get; init; }

    /// <summary>What every reply carries as its time.</summary>
    public BsonTimestamp? OperationTime { get; set; }

    public static BsonDocument Found(params BsonDocument[] documents) => Page("firstBatch", 0, documents);

    public static BsonDocument Page(string batch, long cursor, params BsonDocument[] documents) => new()
    {
        { "cursor", new BsonDocument { { batch, new BsonArray(documents) }, { "id", cursor }, { "ns", "worker.collection" } } }, { "ok", 1.0 },
    };

    public static BsonDocument Failed(int code, params string[] labels) => new()
    {
        { "ok", 0.0 }, { "code", code }, { "errmsg", "the server's words" }, { "errorLabels", new BsonArray(labels) },
    };

    /// <param name="credentials">What stands before the host: <c>user:password@</c>, or nothing.</param>
    public MongoDatabase Connect(string credentials = "") => new(
        MongoAddress.Parse($"mongodb://{credentials}{Host}/?serverSelectionTimeoutMS=2000" + (ReplicaSet is null ? "" : $"&replicaSet={ReplicaSet}")), TimeProvider.System);

    public IReadOnlyList<BsonDocument> Named(string command) =>
        [.. Commands.Where(sent => sent.GetElement(0).Name == command)];

    /// <summary>The next command that nothing else is said for is answered so.</summary>
    public FakeMongoServer Answers(BsonDocument reply) => Answers(_ => reply);

    /// <inheritdoc cref="Answers(BsonDocument)"/>
    public FakeMongoServer Answers(Func<BsonDocument, BsonDocument> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    /// <summary>The next command gets no answer, and its connection breaks.</summary>
    public FakeMongoServer Breaks() => Answers(_ => throw new IOException("It breaks."));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using var stream = _certificate is null
                ? client.GetStream()
                : await SecureAsync(client.GetStream(), _certificate);
            while (true)
                await AnswerAsync(stream);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The driver has had enough, or the test has.
        }
    }

    private async Task<Stream> SecureAsync(Stream stream, X509Certificate2 certificate)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate }, _end.Token);
        return secure;
    }

    private async Task AnswerAsync(Stream stream)
    {
        var head = new byte[16];
        await stream.ReadExactlyAsync(head, _end.Token);
        var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(head) - head.Length];
        await stream.ReadExactlyAsync(message, _end.Token);
        var isQuery = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)) == OpQuery;
        var command = isQuery
            ? Document(message.AsMemory(Array.IndexOf(message, (byte)0, 4) + 1 + 8))
            : Command(message.AsMemory(4));
        var reply = (await ReplyAsync(command)).ToBson();

        var answer = new byte[(isQuery ? OpReplyHead : OpMessageHead) + reply.Length];
        BinaryPrimitives.WriteInt32LittleEndian(answer, answer.Length);
        head.AsSpan(4, 4).CopyTo(answer.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(12), isQuery ? OpReply : OpMessage);
        if (isQuery)
            BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(32), 1);
        reply.CopyTo(answer.AsMemory(answer.Length - reply.Length));
        await stream.WriteAsync(answer, _end.Token);
    }

    /// <summary>The sections of a message: the command, and lists of documents that belong into it.</summary>
    private static BsonDocument Command(ReadOnlyMemory<byte> sections)
    {
        BsonDocument? command = null;
        while (!sections.IsEmpty)
        {
            var (kind, length) = (sections.Span[0], BinaryPrimitives.ReadInt32LittleEndian(sections.Span[1..]));
            var section = sections.Slice(1, length);
            sections = sections[(1 + length)..];
            if (kind == 0)
                command = Document(section);
            else
                command!.Add(
                    Encoding.UTF8.GetString(section.Span[4..NameEnd(section)]),
                    Documents(section[(NameEnd(section) + 1)..]));
        }

        return command!;
    }

    private static int NameEnd(ReadOnlyMemory<byte> section) => 4 + section.Span[4..].IndexOf((byte)0);

    private static BsonArray Documents(ReadOnlyMemory<byte> bytes)
    {
        var documents = new BsonArray();
        while (!bytes.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
            documents.Add(Document(bytes[..length]));
            bytes = bytes[length..];
        }

        return documents;
    }

    private static BsonDocument Document(ReadOnlyMemory<byte> bytes) =>
        BsonSerializer.Deserialize<BsonDocument>(bytes[..BinaryPrimitives.ReadInt32LittleEndian(bytes.Span)].ToArray());

    private async Task<BsonDocument> ReplyAsync(BsonDocument command)
    {
        var name = command.GetElement(0).Name;
        var isOfTheDriver = OfTheDriver.Contains(name, StringComparer.OrdinalIgnoreCase);
        if (!isOfTheDriver)
            Commands.Enqueue(command);
        var reply = string.Equals(name, "endSessions", StringComparison.OrdinalIgnoreCase) ? new("ok", 1.0)
            : isOfTheDriver ? Hello()
            : Answer is not null ? await Answer(command)
            : _answers.TryDequeue(out var answer) ? answer(command)
            : _refusal is { } refusal ? Refused(refusal)
            : Done(name, command);
        if (OperationTime is { } time && !isOfTheDriver)
            reply.Add("operationTime", time);
        return reply;
    }

    private BsonDocument Hello()
    {
        var hello = new BsonDocument
        {
            { "helloOk", true }, { "ismaster", true }, { "isWritablePrimary", true }, { "maxBsonObjectSize", 16 * 1024 * 1024 },
            { "maxMessageSizeBytes", 48_000_000 }, { "maxWriteBatchSize", 100_000 }, { "minWireVersion", 0 }, { "maxWireVersion", _maxWireVersion },
            { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", 1 }, { "readOnly", false }, { "ok", 1.0 },
        };
        if (ReplicaSet is { } set)
            hello.AddRange(new BsonDocument { { "setName", set }, { "setVersion", 1 }, { "secondary", false }, { "hosts", new BsonArray { Host } }, { "me", Host }, { "primary", Host } });
        return hello;
    }

    private static BsonDocument Refused((int Code, string Words) refusal)
    {
        var reply = new BsonDocument { { "ok", 0.0 }, { "errmsg", refusal.Words } };
        return refusal.Code == 0 ? reply : reply.Add("code", refusal.Code);
    }

    private static BsonDocument Done(string name, BsonDocument command)
    {
        if (name == "find")
            return Found();
        var statements = command.GetValue("updates", null) ?? command.GetValue("documents", null) ?? command.GetValue(
            "deletes", null);
        return new() { { "n", statements is BsonArray list ? list.Count : 0 }, { "nModified", 0 }, { "ok", 1.0 } };
    }
}
