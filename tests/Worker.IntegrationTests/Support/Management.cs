using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Worker.IntegrationTests.Support;

/// <summary>RabbitMQ's management HTTP API: what a person does in its web page.</summary>
internal sealed class Management : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _user;

    public Management(Uri uri)
    {
        _user = Uri.UnescapeDataString(uri.UserInfo.Split(':')[0]);
        _http = new HttpClient { BaseAddress = new Uri(uri.GetLeftPart(UriPartial.Authority) + "/api/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo))));
    }

    public async Task CreateVirtualHostAsync(string name)
    {
        await SendAsync(HttpMethod.Put, $"vhosts/{name}", []);
        await SendAsync(
            HttpMethod.Put,
            $"permissions/{name}/{_user}",
            new() { ["configure"] = ".*", ["write"] = ".*", ["read"] = ".*" });
    }

    /// <summary>A user of that virtual host alone, with those permissions: patterns of names.</summary>
    public async Task CreateUserAsync(
        string virtualHost, string name, string password, string configure, string write, string read)
    {
        await SendAsync(HttpMethod.Put, $"users/{name}", new() { ["password"] = password, ["tags"] = "" });
        await SendAsync(
            HttpMethod.Put,
            $"permissions/{virtualHost}/{name}",
            new() { ["configure"] = configure, ["write"] = write, ["read"] = read });
    }

    public Task DeleteUserAsync(string name) => SendAsync(HttpMethod.Delete, $"users/{name}", null);

    public Task DeleteVirtualHostAsync(string name) => SendAsync(HttpMethod.Delete, $"vhosts/{name}", null);

    /// <summary>
    /// The form "Publish message" of an exchange's page, with nothing filled in but routing key and payload.
    /// </summary>
    /// <returns>True when the message was routed.</returns>
    public async Task<bool> PublishFormAsync(string virtualHost, string exchange, string routingKey, string payload)
    {
        var reply = await SendAsync(HttpMethod.Post, $"exchanges/{virtualHost}/{exchange}/publish", new()
        {
            ["vhost"] = virtualHost,
            ["name"] = exchange,
            ["properties"] = new JsonObject { ["delivery_mode"] = 2, ["headers"] = new JsonObject() },
            ["routing_key"] = routingKey,
            ["delivery_mode"] = "2",
            ["headers"] = new JsonObject(),
            ["props"] = new JsonObject(),
            ["payload"] = payload,
            ["payload_encoding"] = "string",
        });
        return reply!["routed"]!.GetValue<bool>();
    }

    /// <summary>
    /// The button "Move messages" of a queue's page: a dynamic shovel with the fields that the page sends.
    /// </summary>
    public Task MoveAsync(string virtualHost, string from, string to)
    {
        var name = $"Move from {from}";
        return SendAsync(HttpMethod.Put, $"parameters/shovel/{virtualHost}/{Uri.EscapeDataString(name)}", new()
        {
            ["component"] = "shovel",
            ["vhost"] = virtualHost,
            ["name"] = name,
            ["value"] = new JsonObject
            {
                ["src-uri"] = $"amqp:///{virtualHost}",
                ["src-queue"] = from,
                ["src-protocol"] = "amqp091",
                ["src-prefetch-count"] = 1000,
                ["src-delete-after"] = "queue-length",
                ["src-consumer-args"] = new JsonObject(),
                ["dest-protocol"] = "amqp091",
                ["dest-uri"] = $"amqp:///{virtualHost}",
                ["dest-add-forward-headers"] = false,
                ["dest-queue"] = to,
                ["ack-mode"] = "on-confirm",
            },
        });
    }

    /// <summary>The button "Force close" of every connection there is.</summary>
    /// <returns>How many there were; the API learns of a connection a second late.</returns>
    public async Task<int> CloseConnectionsAsync(string virtualHost)
    {
        var connections = (await SendAsync(HttpMethod.Get, $"vhosts/{virtualHost}/connections", null))!.AsArray();
        foreach (var connection in connections)
            await SendAsync(
                HttpMethod.Delete,
                "connections/" + Uri.EscapeDataString(connection!["name"]!.GetValue<string>()),
                null);
        return connections.Count;
    }

    /// <summary>
    /// Closes the connection that says that name; waits until the broker shows one, which it does some seconds after it
    /// was made.
    /// </summary>
    public Task CloseConnectionAsync(string virtualHost, string clientName) =>
        Eventually.IsTrueAsync($"a connection named {clientName}", async () =>
        {
            var connections = await SendAsync(HttpMethod.Get, $"vhosts/{virtualHost}/connections", null);
            var named = connections!.AsArray().Where(connection => connection!["user_provided_name"]?.GetValue<string>() == clientName).ToList();
            foreach (var connection in named)
                await SendAsync(
                    HttpMethod.Delete,
                    "connections/" + Uri.EscapeDataString(connection!["name"]!.GetValue<string>()),
                    null);
            return named.Count > 0;
        });

    /// <summary>
    /// How many messages of that queue consumers have acknowledged; the API learns of it a second late.
    /// </summary>
    public async Task<long> DeliveredAsync(string virtualHost, string queue)
    {
        var found = await SendAsync(HttpMethod.Get, $"queues/{virtualHost}/{queue}", null);
        return found?["message_stats"]?["ack"]?.GetValue<long>() ?? 0;
    }

    /// <summary>Imports a definitions file into a virtual host.</summary>
    public Task ImportAsync(string virtualHost, string definitions) =>
        SendAsync(HttpMethod.Post, $"definitions/{virtualHost}", JsonNode.Parse(definitions)!.AsObject());

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode
            && !(method == HttpMethod.Delete && response.StatusCode == HttpStatusCode.NotFound))
            throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"{method} {path} answered {(int)response.StatusCode}: {text}"));
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public void Dispose() => _http.Dispose();
}
