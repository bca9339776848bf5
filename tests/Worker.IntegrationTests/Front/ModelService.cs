using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Worker.IntegrationTests.Front;

/// <summary>
/// Speaks chat completions: says how it was greeted, refuses where it is told to, and does not end where it is told so.
/// </summary>
internal sealed class ModelService : IAsyncDisposable
{
    private static readonly string[] Pieces = ["Grüß ", "[DONE]", " 👋"];

    private readonly WebApplication _app;

    private ModelService(WebApplication app) => _app = app;

    /// <summary>The keys that were shown.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    public string Url => _app.Urls.Single() + "/v1";

    public static async Task<ModelService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = new ModelService(builder.Build());
        service._app.Run(service.AnswerAsync);
        await service._app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Keys.Enqueue(context.Request.Headers.Authorization.ToString());
        var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        var said = (string)request["messages"]!.AsArray()[^1]!["content"]!;
        if (said == "refuse")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsJsonAsync(new { error = new { message = "No." } }, context.RequestAborted);
        }
        else if ((bool?)request["stream"] == true)
        {
            await StreamAsync(context, isEndless: said == "never end");
        }
        else
        {
            await context.Response.WriteAsync(Chunk("message", string.Concat(Pieces), "stop"), context.RequestAborted);
        }
    }

    private static async Task StreamAsync(HttpContext context, bool isEndless)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var piece in Pieces)
        {
            var chunk = Chunk("delta", piece, piece == Pieces[^1] && !isEndless ? "stop" : null);
            await context.Response.WriteAsync($"data: {chunk}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        if (isEndless)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private static string Chunk(string part, string text, string? finish) => new JsonObject
    {
        ["choices"] = new JsonArray(new JsonObject
        {
            [part] = new JsonObject { ["role"] = "assistant", ["content"] = text }, ["finish_reason"] = finish,
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 12, ["completion_tokens"] = 5 },
    }.ToJsonString();
}
