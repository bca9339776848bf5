using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Worker.Models;

namespace Worker.Evaluation.Models;

/// <summary>
/// The clients of models. They make one try and wait as long as they are let; redirects are not followed, so that no
/// other host sees the key or a trace.
/// </summary>
internal sealed class ModelClients : IDisposable
{
    /// <summary>For services that ask for none; the client insists on one.</summary>
    private const string NoKey = "none";

    private readonly ConcurrentDictionary<(ModelProvider Provider, string Model), IChatClient> _clients = [];

    private readonly HttpClient _http = new(new ReplyHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public IChatClient Of(ModelProvider provider, string model) => _clients.GetOrAdd((provider, model), Make);

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
        _http.Dispose();
    }

    private IChatClient Make((ModelProvider Provider, string Model) of)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = of.Provider.BaseUrl,
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        return new ChatClient(of.Model, new ApiKeyCredential(of.Provider.ApiKey ?? NoKey), options).AsIChatClient();
    }
}
