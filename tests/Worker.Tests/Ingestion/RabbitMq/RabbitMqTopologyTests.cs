using System.Text.Json.Nodes;
using Worker.RabbitMq;

namespace Worker.Tests.Ingestion.RabbitMq;

/// <summary>What the worker declares and what <c>config/rabbitmq/definitions.json</c> ships are the same.</summary>
public sealed class RabbitMqTopologyTests
{
    private static readonly JsonNode Definitions =
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "config", "rabbitmq", "definitions.json")))!;

    [Fact]
    public void Exchanges_are_the_same() =>
        All("exchanges", exchange => $"{exchange["name"]} {exchange["type"]} {exchange["durable"]} {exchange["auto_delete"]} {exchange["arguments"]!.AsObject().Count}")
            .ShouldBe(RabbitMqTopology.Exchanges.Select(exchange => $"{exchange.Name} {exchange.Type} true false 0"));

    [Fact]
    public void Queues_and_their_arguments_are_the_same() =>
        All("queues", queue => $"{queue["name"]} {queue["durable"]} {queue["auto_delete"]} {Join(queue["arguments"]!.AsObject().Select(argument => (argument.Key, argument.Value!.ToString())))}")
            .ShouldBe(RabbitMqTopology.Queues.Select(queue => $"{queue.Name} true false {Join(queue.Arguments.Select(argument => (argument.Key, argument.Value!.ToString()!)))}"));

    [Fact]
    public void Bindings_are_the_same() =>
        All("bindings", binding => $"{binding["source"]} {binding["destination"]} '{binding["routing_key"]}' {binding["destination_type"]}")
            .ShouldBe(RabbitMqTopology.Bindings.Select(binding => $"{binding.Exchange} {binding.Queue} '{binding.RoutingKey}' queue"));

    [Fact]
    public void The_queues_have_exactly_the_arguments_that_keep_a_message()
    {
        Join(Arguments("worker.ingest")).ShouldBe(
            "x-dead-letter-exchange=logs.dead x-dead-letter-strategy=at-least-once x-delivery-limit=2147483647 x-overflow=reject-publish x-queue-type=quorum");
        Join(Arguments("worker.dead")).ShouldBe("x-delivery-limit=2147483647 x-queue-type=quorum");
    }

    [Fact]
    public void Every_contract_has_the_exchange_that_MassTransit_publishes_it_to() =>
        RabbitMqTopology.ContractExchanges.ShouldBe([
            "Worker.Contracts:ToolLogged", "Worker.Contracts:ToolLogUpdated", "Worker.Contracts:PromptLogged",
            "Worker.Contracts:PromptLogUpdated", "Worker.Contracts:FlowLogged", "Worker.Contracts:FlowLogUpdated",
            "Worker.Contracts:EvaluatorLogged", "Worker.Contracts:LogDeleted"]);

    private static IEnumerable<(string, string)> Arguments(string queue) =>
        RabbitMqTopology.Queues.Single(declared => declared.Name == queue).Arguments.Select(
            argument => (argument.Key, argument.Value!.ToString()!));

    private static IEnumerable<string> All(string what, Func<JsonNode, string> describe) =>
        Definitions[what]!.AsArray().Select(node => describe(node!));

    private static string Join(IEnumerable<(string Key, string Value)> arguments) =>
        string.Join(' ', arguments.OrderBy(argument => argument.Key, StringComparer.Ordinal).Select(argument => $"{argument.Key}={argument.Value}"));
}
