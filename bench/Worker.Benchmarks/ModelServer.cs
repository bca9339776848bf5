using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Worker.Benchmarks;

/// <summary>A model that judges everything alike, after a while, by the API that all speak. In this process.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private const string Reply =
        """
        {"id":"x","object":"chat.completion","created":1,"model":"small-1","choices":[{"index":0,"finish_reason":"stop",
        "message":{"role":"assistant","content":"{\"reason\":\"It says where the order is.\",\"judgment\":4}"}}],
        "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}
        """;

    private readonly WebApplication _app;
    private long _answered;

    private ModelServer(TimeSpan after)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/chat/completions", async (HttpContext context) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await Task.Delay(after, context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Reply, context.RequestAborted);
            Interlocked.Increment(ref _answered);
        });
    }

    public long Answered => Interlocked.Read(ref _answered);

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Evaluation:Models:Providers:default:BaseUrl"] =
            _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/v1",
    };

    public static async Task<ModelServer> StartAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        var server = new ModelServer(after);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
