using Microsoft.AspNetCore.Http;

namespace Worker.Benchmarks;

/// <summary>A model that judges everything alike, after a while, by the API that all speak.</summary>
internal sealed class ModelServer(TimeSpan after) : IAsyncDisposable
{
    private const string Reply =
        """
        {"id":"x","object":"chat.completion","created":1,"model":"small-1","choices":[{"index":0,"finish_reason":"stop",
        "message":{"role":"assistant","content":"{\"reason\":\"It says where the order is.\",\"judgment\":4}"}}],
        "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}
        """;

    private LoopbackServer? _server;
    private long _answered;

    public long Answered => Interlocked.Read(ref _answered);

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Evaluation:Models:Providers:default:BaseUrl"] = _server!.Address + "/v1",
    };

    public static async Task<ModelServer> StartAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        var model = new ModelServer(after);
        model._server = await LoopbackServer.StartAsync("/v1/chat/completions", model.AnswerAsync, cancellationToken);
        return model;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        await Task.Delay(after, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Reply, context.RequestAborted);
        Interlocked.Increment(ref _answered);
    }
}
