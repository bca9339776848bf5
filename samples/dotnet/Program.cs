using MassTransit;
using Worker.Contracts;

// Logs one trace through MassTransit: children before their parents, the completion last.
// AMQP_URL says where the broker is. Argument: a prefix for the ids; else a random one.
var prefix = args is [var given] ? given : Guid.NewGuid().ToString();
var broker = Environment.GetEnvironmentVariable("AMQP_URL") ?? "amqp://guest:guest@localhost:5672";
var bus = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(new Uri(broker)));
await bus.StartAsync();
IPublishEndpoint endpoint = bus;

await endpoint.Publish(new ToolLogged
{
    LogId = $"{prefix}-tool",
    Path = "support/look up order",
    Tool = new ToolDetails { Function = new ToolFunction { Name = "look_up_order", Description = "Looks up an order" } },
    Inputs = new Dictionary<string, object?> { ["order"] = 17 },
    Output = "{\"state\":\"shipped\"}",
    StartTime = TimeProvider.System.GetUtcNow().AddSeconds(-2),
    EndTime = TimeProvider.System.GetUtcNow(),
    TraceParentId = $"{prefix}-inner",
});
await endpoint.Publish(new FlowLogged
{
    LogId = $"{prefix}-inner",
    Path = "support/plan",
    Output = "looked up",
    TraceParentId = $"{prefix}-outer",
    TraceStatus = TraceStatus.Complete,
});
await endpoint.Publish(new FlowLogged
{
    LogId = $"{prefix}-outer",
    Path = "support/answer",
    Inputs = new Dictionary<string, object?> { ["question"] = "Where is my order?" },
});
await endpoint.Publish(new FlowLogUpdated
{
    LogId = $"{prefix}-outer",
    Output = "It is on its way.",
    TraceStatus = TraceStatus.Complete,
});
await bus.StopAsync();
Console.WriteLine($"worker trace {prefix}-outer");
