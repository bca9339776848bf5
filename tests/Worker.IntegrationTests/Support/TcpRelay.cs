using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Worker.IntegrationTests.Support;

/// <summary>
/// A port of this machine in front of a server, which can be cut: then every connection breaks and new ones are
/// refused.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly ConcurrentDictionary<TcpClient, TcpClient> _pairs = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _frozen = new();
    private readonly List<Task> _passing = [];
    private TcpListener? _listener;

    private TcpRelay(string host, int port)
    {
        _host = host;
        _port = port;
        Open();
    }

    public int Port { get; private set; }

    public static TcpRelay To((string Host, int Port) server) => new(server.Host, server.Port);

    /// <summary>Takes connections, on the same port as before.</summary>
    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _passing.Add(AcceptAsync(_listener));
    }

    public void Cut()
    {
        _listener?.Dispose();
        foreach (var (client, server) in _pairs)
        {
            client.Dispose();
            server.Dispose();
        }
    }

    /// <summary>
    /// From now on nothing comes through the connections that there are, and none of them breaks. New ones are as ever.
    /// </summary>
    public void Freeze()
    {
        foreach (var client in _pairs.Keys)
            _frozen[client] = true;
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await Task.WhenAll(_passing);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        var (clients, pairs) = (new List<TcpClient>(), new List<Task>());
        while (await OrNullAsync(() => listener.AcceptTcpClientAsync()) is { } client)
        {
            clients.Add(client);
            pairs.Add(PassAsync(client));
        }

        // Whoever came in just as it was cut. By now it may be open again, for others.
        clients.ForEach(client => client.Dispose());
        await Task.WhenAll(pairs);
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            _pairs[client] = server;
            await OrNullAsync(async () =>
            {
                await server.ConnectAsync(_host, _port);
                (client.NoDelay, server.NoDelay) = (true, true);

                // The end of either direction ends both.
                await Task.WhenAny(CopyAsync(client, server, client), CopyAsync(server, client, client));
                return client;
            });
            _pairs.TryRemove(client, out _);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, TcpClient client)
    {
        var buffer = new byte[16 * 1024];
        while (await from.GetStream().ReadAsync(buffer) is var length and > 0)
        {
            if (!_frozen.ContainsKey(client))
                await to.GetStream().WriteAsync(buffer.AsMemory(0, length));
        }
    }

    /// <summary>Null when a connection broke, or was cut.</summary>
    private static async Task<T?> OrNullAsync<T>(Func<Task<T>> work)
        where T : class
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }
}
