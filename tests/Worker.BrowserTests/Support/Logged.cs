using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Worker.BrowserTests.Support;

/// <summary>Traces as programs log them, over HTTP.</summary>
internal static class Logged
{
    private static readonly HttpClient Http = new();

    /// <summary>A Flow Log that is complete at once.</summary>
    public static Task FlowAsync(this FrontProcess worker, string id, string path, JsonObject? more = null) =>
        worker.LogAsync("flows", id, path, new JsonObject
        {
            ["inputs"] = new JsonObject { ["question"] = $"What of {id}?" }, ["output"] = $"This of {id}.",
            ["trace_status"] = "complete",
        }, more);

    public static async Task LogAsync(
        this FrontProcess worker, string kind, string id, string path, params IEnumerable<JsonObject?> fields)
    {
        var body = new JsonObject { ["log_id"] = id, ["path"] = path };
        foreach (var (name, value) in fields.Where(each => each is not null).SelectMany(each => each!))
            body[name] = value?.DeepClone();
        await worker.SendLogAsync(kind, body.ToJsonString());
    }

    /// <summary>A body as it stands.</summary>
    public static async Task SendLogAsync(this FrontProcess worker, string kind, string body)
    {
        var (status, json) = await worker.PostAsync($"/{kind}/log", body);
        status.ShouldBe(HttpStatusCode.OK, json?.ToJsonString());
    }

    /// <summary>
    /// An agent that answers a customer: two rounds of a model, tools in them, of which the slow one fails. Judged when
    /// this returns.
    /// </summary>
    /// <param name="id">Of the Flow Log; the others have it with a name behind.</param>
    public static async Task AgentAsync(this FrontProcess worker, string id, string path = "support/agent")
    {
        // It ends now: that it is complete counts as its end.
        var began = TimeProvider.System.GetUtcNow().AddMilliseconds(-4200);
        await worker.LogAsync("flows", id, path, At(began, 0, 4200), Json("""
            {"inputs": {"question": "Where is my order 4711?"}, "user": "ann", "metadata": {"tier": "free"}}
            """));
        await worker.LogAsync("prompts", $"{id}-plan", "support/plan", At(began, 20, 900), Under(id), Json("""
            {"messages": [{"role": "system", "content": "You answer customers. Be kind."},
                          {"role": "user", "content": "Where is my order 4711?"}],
             "output_message": {"role": "assistant", "content": "I look it up.",
               "tool_calls": [{"id": "c1", "type": "function",
                 "function": {"name": "find_order", "arguments": "{\"order\": 4711}"}}]},
             "prompt_tokens": 412, "output_tokens": 38, "prompt_cost": 0.00041, "output_cost": 0.00015}
            """));
        await worker.LogAsync("flows", $"{id}-look-up", "support/look-up", At(began, 920, 3100), Under(id), Json("""
            {"inputs": {"order": 4711}, "output": "found in the archive", "trace_status": "complete"}
            """));
        await worker.LogAsync("tools", $"{id}-order", "support/tools/find-order", At(began, 930, 2900), Under($"{id}-look-up"), Json("""
            {"inputs": {"order": 4711}, "error": "timeout after 2 s"}
            """));
        await worker.LogAsync("tools", $"{id}-archive", "support/tools/find-archive", At(began, 2910, 3090), Under($"{id}-look-up"), Json("""
            {"inputs": {"order": 4711}, "output": "{\"status\": \"sent\", \"carrier\": \"needle post\", \"due\": \"tomorrow\"}"}
            """));
        await worker.LogAsync("prompts", $"{id}-answer", "support/answer", At(began, 3120, 4150), Under(id), Json("""
            {"messages": [{"role": "tool", "tool_call_id": "c1", "content": "{\"status\": \"sent\", \"carrier\": \"needle post\"}"}],
             "output_message": {"role": "assistant", "content": "Your order is on its way and arrives tomorrow."},
             "prompt_tokens": 506, "output_tokens": 24, "prompt_cost": 0.00051, "output_cost": 0.0001}
            """));
        var (status, json) = await worker.SendAsync(HttpMethod.Patch, $"/flows/logs/{id}", """
            {"output": "Your order is on its way and arrives tomorrow.", "trace_status": "complete"}
            """);
        status.ShouldBe(HttpStatusCode.OK, json?.ToJsonString());
        await worker.JudgedAsync(id);
    }

    /// <summary>Waits until that revision of a trace is judged, whatever its size.</summary>
    public static Task UntilJudgedAsync(this FrontProcess worker, string id, int revision = 1) => Eventually.IsTrueAsync(
        $"revision {revision} of {id} is judged",
        async () =>
        {
            using var answer = await Http.GetAsync(
                new Uri(worker.Address, "/ui/api/explain?id=" + id), TestContext.Current.CancellationToken);
            if (!answer.IsSuccessStatusCode)
                return false;
            var why = await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
            return why!["state"]?.GetValue<string>() == "judged"
                && why["decisions"]!.AsArray().Any(decision => decision!["revision"]!.GetValue<int>() == revision);
        });

    public static JsonObject Under(string parent) => new() { ["trace_parent_id"] = parent };

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>Start and end, in milliseconds from an instant.</summary>
    private static JsonObject At(DateTimeOffset began, int from, int to) =>
        new()
        {
            ["start_time"] = began.AddMilliseconds(from).ToString("O"),
            ["end_time"] = began.AddMilliseconds(to).ToString("O"),
        };
}
