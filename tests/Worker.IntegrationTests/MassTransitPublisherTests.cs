using System.Text;
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
    public async Task A_verdict_from_outside_is_set_aside_whole_and_not_lost()
    {
        await PublishAsync(new EvaluatorLogged { ParentId = "judged", Path = "a person", Judgment = null });

        var letter = await worker.LetterAsync();

        letter["reason"].ShouldBe("unknown_type");
        Encoding.UTF8.GetString(letter.Body).ShouldContain("\"judgment\": null");
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
