using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Worker.Evaluation.Webhooks;

/// <summary>
/// Connects to hosts that Evaluator files name, and to nothing else: a name is resolved once for each connection, every
/// address that it has must be allowed, and the connection goes to one of those. No proxy, cookie, redirect or
/// decompression has a part in it.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    /// <summary>How long a connection is used before the name is resolved again.</summary>
    private static readonly TimeSpan ConnectionAge = TimeSpan.FromMinutes(2);

    private readonly IHostResolver _resolver;
    private readonly Addresses _addresses;
    private readonly HttpMessageInvoker _invoker;

    public WebhookClient(IHostResolver resolver, IOptions<WebhookOptions> options)
    {
        _resolver = resolver;
        _addresses = new(Addresses.Parse(options.Value.AllowedNetworks, out _) ?? []);
        _invoker = new(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = ConnectionAge,
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>
    /// Returns when the head of the response is there. Throws <see cref="HttpRequestException"/>, and within it
    /// <see cref="EvaluatorPausedException"/> where the host may not be connected to.
    /// </summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    public void Dispose() => _invoker.Dispose();

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var isPlain = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttp;
        var found = await _resolver.ResolveAsync(target.Host, cancellationToken);
        if (Array.Find(found, address => !_addresses.Allow(address, isPlain)) is { } refused)
            throw new EvaluatorPausedException(
                $"{target.Host} is at {refused}, which is {(isPlain ? "reached over http" : "no public address")}; " +
                $"where that is meant, add its network to {WebhookOptions.SectionName}:AllowedNetworks.");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
