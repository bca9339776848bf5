using System.Net;
using System.Text.Json.Nodes;

namespace Worker.Testing.Processes;

/// <summary>A worker with its front, in a folder of its own.</summary>
internal sealed class FrontProcess : IAsyncDisposable
{
    private readonly HttpClient _client = new();

    private FrontProcess(WorkerProcess process, Uri address) => (Process, Address) = (process, address);

    public WorkerProcess Process { get; }

    /// <summary>The base of what clients ask for, with <c>/v5</c>.</summary>
    public Uri Address { get; }

    /// <summary>Sent with each request.</summary>
    public string? Key { get; set; }

    public static async Task<FrontProcess> StartAsync(
        string command, string storage, Uri? broker, IReadOnlyDictionary<string, string>? settings = null)
    {
        var process = WorkerProcess.Front(command, storage, broker, settings);
        try
        {
            return new(process, Local(await process.FrontAsync()));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<(HttpStatusCode Status, JsonNode? Json)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, Address + path);
        if (Key is not null)
            request.Headers.Add("X-API-KEY", Key);
        if (body is not null)
            request.Content = new StringContent(body);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<(HttpStatusCode Status, JsonNode? Json)> PostAsync(string path, string body) =>
        SendAsync(HttpMethod.Post, path, body);

    /// <summary>The Log once it carries verdicts.</summary>
    public Task<JsonNode> JudgedAsync(string logId) => Eventually.FindAsync(
        $"verdicts on {logId}",
        async () => await SendAsync(HttpMethod.Get, "/logs/" + Uri.EscapeDataString(logId)) is (HttpStatusCode.OK, { } log)
            && log["evaluator_logs"]!.AsArray().Count > 0 ? log : null);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Process.DisposeAsync();
    }

    /// <summary>Where it listens at every address, this machine's is one.</summary>
    private static Uri Local(Uri address) =>
        address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
}
