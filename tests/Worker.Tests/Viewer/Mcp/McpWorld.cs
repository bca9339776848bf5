using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Worker.Storage;
using Worker.Tests.Front;

namespace Worker.Tests.Viewer.Mcp;

/// <summary>A front with the endpoint, and clients of the protocol's own library that speak to it.</summary>
internal sealed class McpWorld : IAsyncDisposable
{
    private string? _all;

    private McpWorld(FrontWorld front) => Front = front;

    public FrontWorld Front { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<McpWorld> StartAsync(params (string Key, string Value)[] settings) =>
        new(await FrontWorld.StartWithViewerAsync([("Front:Mcp", "true"), .. settings]));

    /// <summary>Nobody asks or logs without one; a front keeps for a while that there are none.</summary>
    public static async Task<McpWorld> StartWithKeysAsync()
    {
        var world = await StartAsync();
        world._all = await world.Front.KeyAsync(KeyRoles.Admin);
        return world;
    }

    /// <summary>Logs what a worker is to drain, with a key for everything where there are keys.</summary>
    public async Task LogAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        if (_all is not null)
            request.Headers.Add("X-API-KEY", _all);
        (await Front.SendAsync(request)).Status.ShouldBe(HttpStatusCode.OK);
    }

    public Task<McpClient> ConnectAsync(string? key = null) => McpClient.CreateAsync(
        new HttpClientTransport(new()
        {
            Endpoint = new(Front.Client.BaseAddress!, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["X-API-KEY"] = key },
        }),
        cancellationToken: Token);

    /// <summary>What a tool answers, which is no error.</summary>
    public async Task<JsonNode> AskAsync(string tool, object? arguments = null, string? key = null)
    {
        var (isError, text) = await CallAsync(tool, arguments, key);
        isError.ShouldBeFalse(text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The sentence by which a tool says that it cannot.</summary>
    public async Task<string> RefusedAsync(string tool, object? arguments = null, string? key = null)
    {
        var (isError, text) = await CallAsync(tool, arguments, key);
        isError.ShouldBeTrue(text);
        text.ShouldEndWith(".");
        text.ShouldNotContain("Exception");
        text.ShouldNotContain("   at ");
        return text;
    }

    /// <summary>A request as it stands, for what no client sends.</summary>
    public async Task<HttpResponseMessage> PostAsync(string body, string? key = null, string? origin = null, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Host = host;
        if (key is not null)
            request.Headers.Add("X-API-KEY", key);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await Front.Browser.SendAsync(request, Token);
    }

    public async ValueTask DisposeAsync() => await Front.DisposeAsync();

    private async Task<(bool IsError, string Text)> CallAsync(string tool, object? arguments, string? key)
    {
        await using var client = await ConnectAsync(key);
        var given = arguments as Dictionary<string, object?> ?? arguments?.GetType().GetProperties()
            .ToDictionary(each => each.Name, each => each.GetValue(arguments));
        var result = await client.CallToolAsync(tool, given, cancellationToken: Token);
        var text = result.Content.ShouldHaveSingleItem().ShouldBeOfType<TextContentBlock>().Text;
        return (result.IsError == true, text);
    }
}
