using System.Text;
using System.Text.Json.Nodes;

namespace Worker.IntegrationTests.Support;

/// <summary>
/// A message as a producer would send it. Without a routing key its type is the routing key, as §1 of the message
/// reference has it.
/// </summary>
internal sealed record TestMessage(string? Type, ReadOnlyMemory<byte> Body)
{
    public string? RoutingKey { get; init; }

    public string? MessageId { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public static TestMessage Of(string type, JsonObject body) => Of(type, body.ToJsonString());

    public static TestMessage Of(string type, string body) => new(type, Encoding.UTF8.GetBytes(body));
}
