using System.Text.Json.Nodes;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>The producers in <c>samples</c>, each logging the same trace: the worker must not care who sends.</summary>
public sealed class ForeignPublisherTests(RunningWorker worker) : IClassFixture<RunningWorker>
{
    [RabbitMqFact]
    public async Task A_Python_program_publishes_with_pika_and_its_trace_is_judged()
    {
        var python = await Programs.FindAsync(["python3", "/usr/bin/python3"], "-c", "import pika");
        Assert.SkipWhen(
            python is null, "Needs python3 with pika: ./test.sh installs it where apt-get can, else pip install pika.");

        await PublishAsync(python!, Programs.Sample("python", "producer.py"), "pika");
    }

    [RabbitMqFact]
    public async Task A_Node_program_publishes_with_amqplib_and_its_trace_is_judged()
    {
        var node = await Programs.FindAsync(
            ["node"],
            "-e",
            $"require.resolve('amqplib', {{ paths: [{JsonValue.Create(Programs.Sample("node")).ToJsonString()}] }})");
        Assert.SkipWhen(
            node is null, "Needs node with amqplib: ./test.sh installs it, else npm install --prefix samples/node.");

        await PublishAsync(node!, Programs.Sample("node", "producer.js"), "amqplib");
    }

    [RabbitMqFact]
    public async Task A_dotnet_program_publishes_the_contracts_with_MassTransit_and_its_trace_is_judged()
    {
        // Built beside the tests: the same configuration and framework.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var producer = Programs.Sample("dotnet", "bin", output.Parent!.Name, output.Name, "Producer.dll");

        await PublishAsync(Programs.Dotnet, producer, "masstransit");
    }

    private async Task PublishAsync(string program, string script, string prefix)
    {
        var result = await Programs.RunAsync(
            program, [script, prefix], new Dictionary<string, string> { ["AMQP_URL"] = worker.Host.Uri.ToString() });
        result.ExitCode.ShouldBe(0, result.Error);

        var outer = await worker.JudgedAsync($"{prefix}-outer");

        outer["output"]!.GetValue<string>().ShouldBe("It is on its way.");
        outer["inputs"]!["question"]!.GetValue<string>().ShouldBe("Where is my order?");
        outer["trace_status"]!.GetValue<string>().ShouldBe("complete");
        outer["flow"]!["path"]!.GetValue<string>().ShouldBe("support/answer");
        var inner = outer["trace_children"]!.AsArray().ShouldHaveSingleItem()!;
        inner["id"]!.GetValue<string>().ShouldBe($"{prefix}-inner");
        inner["trace_id"]!.GetValue<string>().ShouldBe($"{prefix}-outer");
        var tool = inner["trace_children"]!.AsArray().ShouldHaveSingleItem()!;
        tool["id"]!.GetValue<string>().ShouldBe($"{prefix}-tool");
        JsonNode.DeepEquals(JsonNode.Parse(tool["output"]!.GetValue<string>()), JsonNode.Parse("""{"state":"shipped"}""")).ShouldBeTrue();
        tool["inputs"]!["order"]!.GetValue<int>().ShouldBe(17);
        foreach (var verdict in outer["evaluator_logs"]!.AsArray())
            verdict!["error"].ShouldBeNull();

        (await worker.JudgedAsync($"{prefix}-inner"))["evaluator_logs"]!.AsArray().ShouldNotBeEmpty();
        (await worker.Broker.DrainAsync(BrokerClient.DeadQueue)).ShouldBeEmpty();
    }
}
