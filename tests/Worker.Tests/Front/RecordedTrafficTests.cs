using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Worker.Tests.Front;

/// <summary>The requests of the unmodified client, as they were recorded, byte for byte.</summary>
public sealed class RecordedTrafficTests
{
    [Theory]
    [InlineData("humanloop-node-0.8.20-session.jsonl")]
    [InlineData("humanloop-node-0.8.20-support-agent.jsonl")]
    public async Task Every_recorded_request_is_taken(string recording)
    {
        await using var world = await FrontWorld.StartAsync();
        world.Exchanges.HoldsRequests = true;

        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", recording)))
        {
            var recorded = JsonNode.Parse(line)!;
            using var request = new HttpRequestMessage(new HttpMethod((string)recorded["method"]!), (string)recorded["url"]!);
            if ((string)recorded["body"]! is { Length: > 0 } body)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            foreach (var name in new[] { "x-api-key", "x-fern-sdk-name", "user-agent", "sec-fetch-mode" })
                request.Headers.TryAddWithoutValidation(name, (string?)recorded["headers"]?[name]);

            var (status, answer) = await world.SendAsync(request);

            status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound);

            // A File that nothing was logged to has nobody to judge it.
            if (status == HttpStatusCode.NotFound && !((string)recorded["url"]!).EndsWith("/fl_1/evaluators", StringComparison.Ordinal))
                request.Method.ShouldBe(HttpMethod.Get, answer?.ToJsonString());
        }

        world.Intake.Taken.Count.ShouldBeGreaterThan(1);
        await world.DrainAsync();
    }
}
