using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Worker.Tests.Evaluation.Models;

/// <summary>Speaks chat completions: a script of replies, the last of which is repeated, and what was asked.</summary>
internal sealed class FakeModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<HttpContext, Task>[] _script;
    private readonly List<Asked> _asked = [];

    private FakeModelServer(WebApplication app, Func<HttpContext, Task>[] script) => (_app, _script) = (app, script);

    public IReadOnlyList<Asked> Requests => _asked;

    public string Url => _app.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    public static async Task<FakeModelServer> StartAsync(params Func<HttpContext, Task>[] script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeModelServer(app, script);
        app.Run(server.ReplyAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static Func<HttpContext, Task> Says(
        string? content, string finish = "stop", bool counts = true, JsonArray? calls = null, string? refusal = null) =>
        Raw(200, new JsonObject
        {
            ["id"] = "c1",
            ["object"] = "chat.completion",
            ["created"] = 1,
            ["model"] = "m",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["finish_reason"] = finish,
                ["message"] = new JsonObject
                {
                    ["role"] = "assistant", ["content"] = content, ["tool_calls"] = calls, ["refusal"] = refusal,
                },
            }),
            ["usage"] = counts
                ? new JsonObject { ["prompt_tokens"] = 1000, ["completion_tokens"] = 20, ["total_tokens"] = 1020 }
                : null,
        }.ToJsonString());

    public static Func<HttpContext, Task> Calls(string arguments) => Says(null, "tool_calls", calls: new JsonArray(
        new JsonObject
        {
            ["id"] = "call_1",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "judge", ["arguments"] = arguments },
        }));

    public static Func<HttpContext, Task> Fails(int status, string message, string? code = null) =>
        Raw(status, new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = message, ["code"] = code },
        }.ToJsonString());

    /// <summary>Says each as an event, as soon as the one before is on its way.</summary>
    /// <param name="before">Done before each event.</param>
    public static Func<HttpContext, Task> Streams(Func<int, Task>? before, params string[] events) => async context =>
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < events.Length; i++)
        {
            if (before is not null)
                await before(i);
            await context.Response.WriteAsync($"data: {events[i]}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    };

    /// <summary>A piece of a streamed answer.</summary>
    public static string Piece(string text, string? finish = null) => new JsonObject
    {
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0, ["delta"] = new JsonObject { ["content"] = text }, ["finish_reason"] = finish,
        }),
    }.ToJsonString();

    public static Func<HttpContext, Task> Raw(int status, string body, params (string Name, string Value)[] headers) =>
        async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;
            await context.Response.WriteAsync(body, context.RequestAborted);
        };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReplyAsync(HttpContext context)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(
            context.Request.Body, cancellationToken: context.RequestAborted);
        _asked.Add(new(context.Request.Path, context.Request.Headers.Authorization.ToString(), body));
        await _script[Math.Min(_asked.Count, _script.Length) - 1](context);
    }

    internal sealed record Asked(string Path, string Authorization, JsonElement Body)
    {
        public string Message(int place) => Body.GetProperty("messages")[place].GetProperty("content").GetString()!;

        public bool Has(string name) => Body.TryGetProperty(name, out _);
    }
}
