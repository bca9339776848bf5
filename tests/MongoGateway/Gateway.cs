using System.Net.Sockets;
using MongoGateway.Authentication;
using MongoGateway.Engine;

namespace MongoGateway;

/// <summary>Accepts clients until cancelled.</summary>
internal sealed class Gateway(GatewayOptions options, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var engine = new DocumentEngine(options.Postgres);
        var cursors = new CursorTable(engine, time);
        var commands = new Commands(options, engine, cursors, time);
        var credentials = options is { User: { } user, Password: { } password } ? Credentials.Of(user, password) : null;
        var clock = options.ReplicaSet is null ? null : new OperationClock(time);

        using var listener = new TcpListener(options.Listen);
        listener.Start();
        Console.Error.WriteLine($"gateway: listens on {listener.LocalEndpoint}");
        var closing = cursors.CloseIdleAsync(cancellation);
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(cancellation);
                _ = ServeAsync(
                    client,
                    new ClientConnection(client.GetStream(), commands, credentials, clock, options.Log),
                    cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ServeAsync(TcpClient client, ClientConnection connection, CancellationToken cancellation)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await connection.ServeAsync(cancellation);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The client is gone, or the gateway ends.
            }
            catch (InvalidDataException error)
            {
                Console.Error.WriteLine($"gateway: a connection was ended: {error.Message}");
            }
            catch (Exception error)
            {
                // A fault of the gateway: this client loses its connection, the others go on.
                Console.Error.WriteLine($"gateway: a connection was ended: {error}");
            }
        }
    }
}
