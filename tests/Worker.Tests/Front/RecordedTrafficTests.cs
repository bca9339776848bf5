using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Worker.Tests.Front;

/// <summary>The requests of the unmodified client, as they were recorded, byte for byte.</summary>
public sealed class RecordedTrafficTests
{
    private static readonly string[] NotOfferedYet = ["/v5/evaluators/log", "/v5/prompts", "/v5/tools", "/v5/flows", "/v5/logs?"];

    [Theory]
    [InlineData("humanloop-node-0.8.20-session.jsonl")]
    [InlineData("humanloop-node-0.8.20-support-agent.jsonl")]
    public async Task Every_recorded_request_is_taken_or_told_that_it_is_not_offered(string recording)
    {
        await using var world = await FrontWorld.StartAsync();

        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", recording)))
        {
            var recorded = JsonNode.Parse(line)!;
            using var request = new HttpRequestMessage(new HttpMethod((string)recorded["method"]!), (string)recorded["url"]!);
            if ((string)recorded["body"]! is { Length: > 0 } body)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            foreach (var name in new[] { "x-api-key", "x-fern-sdk-name", "user-agent", "sec-fetch-mode" })
                request.Headers.TryAddWithoutValidation(name, (string?)recorded["headers"]?[name]);

            var (status, answer) = await world.SendAsync(request);

            if (status == HttpStatusCode.NotImplemented)
                NotOfferedYet.ShouldContain(start => ((string)recorded["url"]!).StartsWith(start, StringComparison.Ordinal), line);
            else
                status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound);
            if (status == HttpStatusCode.NotFound)
                request.Method.ShouldBe(HttpMethod.Get, answer?.ToJsonString());
        }

        world.Intake.Taken.Count.ShouldBeGreaterThan(1);
        await world.DrainAsync();
    }
}
