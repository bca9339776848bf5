using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Worker.IntegrationTests.Support;

/// <summary>
/// A port of this machine that speaks TLS with a certificate of the test's, and passes on what comes to a server that
/// does not.
/// </summary>
internal sealed class TlsRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly Uri _server;
    private readonly Task _accepting;
    private int _refused, _passed;

    private TlsRelay(Uri server, X509Certificate2 certificate)
    {
        _server = server;
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that their clients gave up without having said a word over TLS.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Connections over which a client has spoken.</summary>
    public int Passed => Volatile.Read(ref _passed);

    public static TlsRelay To(Uri server, X509Certificate2 certificate) => new(server, certificate);

    /// <summary>The same user and virtual host, through here.</summary>
    public Uri Address(Uri behind, string host = "localhost") => new UriBuilder(behind) { Scheme = "amqps", Host = host, Port = Port }.Uri;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
                clients.Add(PassAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task PassAsync(TcpClient accepted)
    {
        using var client = accepted;
        using var server = new TcpClient();
        var first = new byte[1];
        var said = 0;
        try
        {
            await using var secure = new SslStream(client.GetStream());
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
            said = await secure.ReadAsync(first, _end.Token);
            if (said == 0)
                return;
            Interlocked.Increment(ref _passed);
            await server.ConnectAsync(_server.Host, _server.Port, _end.Token);
            await using var plain = server.GetStream();
            await plain.WriteAsync(first, _end.Token);
            await Task.WhenAny(secure.CopyToAsync(plain, _end.Token), plain.CopyToAsync(secure, _end.Token));
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // One end is gone; so is the other, then.
        }
        finally
        {
            if (said == 0)
                Interlocked.Increment(ref _refused);
        }
    }
}
