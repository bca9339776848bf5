using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Worker.Storage.Bson;

namespace Worker.Tests.Storage.MongoDb;

/// <summary>
/// A port that speaks just enough of MongoDB's wire protocol for any driver to hear what it is, and to be refused: it says hello
/// with the wire version it is given, and answers every other command with one error.
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

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private readonly int _maxWireVersion;
    private readonly (int Code, string Words) _refusal;
    private readonly X509Certificate2? _certificate;

    /// <param name="maxWireVersion">What it says that it speaks.</param>
    /// <param name="refusal">What every command but the hello is answered.</param>
    /// <param name="certificate">Null: without TLS.</param>
    public FakeMongoServer(int maxWireVersion = Modern, (int Code, string Words) refusal = default, X509Certificate2? certificate = null)
    {
        (_maxWireVersion, _refusal, _certificate) = (maxWireVersion, refusal, certificate);
        _listener.Start();
        _serving = AcceptAsync();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

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
            await using var stream = _certificate is null ? client.GetStream() : await SecureAsync(client.GetStream(), _certificate);
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
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _end.Token);
        return secure;
    }

    private async Task AnswerAsync(Stream stream)
    {
        var head = new byte[16];
        await stream.ReadExactlyAsync(head, _end.Token);
        var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(head) - head.Length];
        await stream.ReadExactlyAsync(message, _end.Token);
        var isQuery = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)) == OpQuery;
        var body = isQuery ? 4 + Array.IndexOf(message, (byte)0, 4) - 4 + 1 + 8 : 5;
        var reply = Reply(Name(message.AsMemory(body))).Bytes;

        var answer = new byte[(isQuery ? OpReplyHead : OpMessageHead) + reply.Length];
        BinaryPrimitives.WriteInt32LittleEndian(answer, answer.Length);
        head.AsSpan(4, 4).CopyTo(answer.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(12), isQuery ? OpReply : OpMessage);
        if (isQuery)
            BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(32), 1);
        reply.CopyTo(answer.AsMemory(answer.Length - reply.Length));
        await stream.WriteAsync(answer, _end.Token);
    }

    /// <summary>The command is named by its document's first element; drivers may append a list of documents as another section.</summary>
    private static string Name(ReadOnlyMemory<byte> body)
    {
        foreach (var element in new BsonView(body[..BinaryPrimitives.ReadInt32LittleEndian(body.Span)]))
            return Encoding.UTF8.GetString(element.Name);
        return "";
    }

    private BsonDocument Reply(string command) => command.ToLowerInvariant() is "hello" or "ismaster"
        ? new()
        {
            { "helloOk", true }, { "ismaster", true }, { "isWritablePrimary", true }, { "maxBsonObjectSize", 16 * 1024 * 1024 },
            { "maxMessageSizeBytes", 48_000_000 }, { "maxWriteBatchSize", 100_000 }, { "minWireVersion", 0 }, { "maxWireVersion", _maxWireVersion },
            { "readOnly", false }, { "ok", 1.0 },
        }
        : new() { { "ok", 0.0 }, { "errmsg", _refusal.Words }, { "code", _refusal.Code == 0 ? (int?)null : _refusal.Code } };
}
