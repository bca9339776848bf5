namespace Worker.IntegrationTests.Support;

/// <summary>
/// A virtual host of its own for each test class, deleted afterwards: no test sees another's messages.
/// </summary>
public sealed class VirtualHost : IAsyncLifetime
{
    public string Name { get; } = "worker-test-" + Guid.NewGuid().ToString("n")[..12];

    /// <summary>With the virtual host as its path.</summary>
    public Uri Uri => new(TestServers.RabbitMq!.TrimEnd('/') + "/" + Name);

    internal Management Management { get; } = TestServers.HasRabbitMq ? new Management(TestServers.Management) : null!;

    public async ValueTask InitializeAsync()
    {
        if (TestServers.HasRabbitMq)
            await Management.CreateVirtualHostAsync(Name);
    }

    /// <summary>One for a single test, which disposes of it.</summary>
    internal static async Task<VirtualHost> CreateAsync()
    {
        var host = new VirtualHost();
        await host.InitializeAsync();
        return host;
    }

    internal Task<BrokerClient> ConnectAsync() => BrokerClient.ConnectAsync(Uri);

    public async ValueTask DisposeAsync()
    {
        if (!TestServers.HasRabbitMq)
            return;
        await Management.DeleteVirtualHostAsync(Name);
        Management.Dispose();
    }
}
