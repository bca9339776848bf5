using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Worker.Tests.Evaluation.Models;

namespace Worker.Tests.Front.Calls;

/// <summary>A front with a provider of models.</summary>
internal sealed class CallWorld(FrontWorld front, FakeModelServer model) : IAsyncDisposable
{
    public const string OperatorsKey = "sk-the-operators-own";

    public FrontWorld Front => front;

    public FakeModelServer Model => model;

    /// <summary>What the provider was asked, which is once.</summary>
    public FakeModelServer.Asked Asked => model.Requests.ShouldHaveSingleItem();

    public static Task<CallWorld> StartAsync(params Func<HttpContext, Task>[] script) => StartAsync([], script);

    public static async Task<CallWorld> StartAsync(
        (string Key, string Value)[] settings, params Func<HttpContext, Task>[] script)
    {
        var model = await FakeModelServer.StartAsync(script);
        return new(
            await FrontWorld.StartAsync(
                [
                    ("Evaluation:Models:Providers:openai:BaseUrl", model.Url),
                    ("Evaluation:Models:Providers:openai:ApiKey", OperatorsKey),
                    ("Evaluation:Models:Prices:m:Input", "2"),
                    ("Evaluation:Models:Prices:m:Output", "10"),
                    .. settings,
                ]),
            model);
    }

    public Task<(HttpStatusCode Status, JsonNode? Json)> CallAsync(string body, string query = "") =>
        front.PostAsync($"/v5/prompts/call{query}", body);

    /// <summary>The events of a streamed answer, and whether they ended as they should.</summary>
    public async Task<(IReadOnlyList<JsonNode> Events, bool IsWhole)> StreamAsync(string body)
    {
        using var content = new StringContent(body);
        using var response = await front.Client.PostAsync("/v5/prompts/call", content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream", text);
        var lines = text.Split('\n').Where(line => line.Length > 0).Select(line => line["data: ".Length..]).ToList();
        return (lines.Where(line => line != "[DONE]").Select(line => JsonNode.Parse(line)!).ToList(), lines[^1] == "[DONE]");
    }

    public async ValueTask DisposeAsync()
    {
        await front.DisposeAsync();
        await model.DisposeAsync();
    }
}
