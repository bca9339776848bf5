using System.Text.Json.Nodes;
using MassTransit;
using Worker.Contracts;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>Contracts that the samples do not publish, as MassTransit publishes them.</summary>
public sealed class MassTransitPublisherTests(RunningWorker worker) : IClassFixture<RunningWorker>
{
    [RabbitMqFact]
    public async Task A_Prompt_Log_and_its_update_are_stored()
    {
        await PublishAsync(
            new PromptLogged
            {
                LogId = "prompt", Path = "support/answer with a model", Prompt = new() { Model = "gpt-4o", Temperature = 0.5, Template = "{{question}}" },
                Inputs = new() { ["Question"] = "Where?" }, Messages = [new() { ["role"] = "user", ["content"] = "Where?" }], Output = "There.",
                PromptTokens = 12, OutputTokens = 3, ToolChoice = "auto", Error = "taken back",
            },
            new PromptLogUpdated { LogId = "prompt", OutputTokens = 4, PromptCost = 0.25, FinishReason = "stop", Error = null });

        var log = await Eventually.FindAsync("the updated Log", async () =>
            await worker.TraceAsync("prompt") is { } found && found["finish_reason"] is not null && found["output"] is not null ? found : null);

        log["prompt"]!["path"]!.GetValue<string>().ShouldBe("support/answer with a model");
        log["inputs"]!["Question"]!.GetValue<string>().ShouldBe("Where?");
        log["output"]!.GetValue<string>().ShouldBe("There.");
        log["messages"]![0]!["content"]!.GetValue<string>().ShouldBe("Where?");
        log["prompt_tokens"]!.GetValue<int>().ShouldBe(12);
        log["output_tokens"]!.GetValue<int>().ShouldBe(4);
        log["prompt_cost"]!.GetValue<double>().ShouldBe(0.25);
        log["tool_choice"]!.GetValue<string>().ShouldBe("auto");
        log["error"].ShouldBeNull();
    }

    [RabbitMqFact]
    public async Task A_verdict_from_outside_is_shown_under_the_Log_that_it_is_on_and_taken_back_by_null()
    {
        await PublishAsync(
            new EvaluatorLogged { LogId = "kept", ParentId = "judged", Path = "a person", Judgment = new("good"), User = "ann" },
            new EvaluatorLogged { LogId = "taken back", ParentId = "judged", Path = "a person", Judgment = new(true), SentAt = DateTimeOffset.UnixEpoch },
            new EvaluatorLogged { LogId = "taken back", ParentId = "judged", Judgment = null },
            new PromptLogged { LogId = "judged", Output = "There." });

        var verdicts = await Eventually.FindAsync("both verdicts", async () =>
            await worker.TraceAsync("judged") is { } log && log["evaluator_logs"]!.AsArray() is { Count: 2 } found && Of(found, "taken back")["judgment"] is null
                ? found
                : null);

        Of(verdicts, "kept")["judgment"]!.GetValue<string>().ShouldBe("good");
        Of(verdicts, "kept")["user"]!.GetValue<string>().ShouldBe("ann");
        Of(verdicts, "taken back")["evaluator"]!["path"]!.GetValue<string>().ShouldBe("a person");

        static JsonNode Of(JsonArray verdicts, string id) => verdicts.Single(verdict => verdict!["id"]!.GetValue<string>() == id)!;
    }

    private async Task PublishAsync(params object[] messages)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(worker.Host.Uri));
        await bus.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            foreach (var message in messages)
                await bus.Publish(message, TestContext.Current.CancellationToken);
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }
    }
}
