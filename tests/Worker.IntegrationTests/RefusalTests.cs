using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Worker.DeadLetters;
using Worker.IntegrationTests.Support;
using Worker.Traces;

namespace Worker.IntegrationTests;

/// <summary>
/// Every reason for which a message can be refused, over real AMQP, between two good neighbours: they are stored, the
/// letter says why.
/// </summary>
public sealed class RefusalTests(RunningWorker worker) : IClassFixture<RunningWorker>
{
    public static TheoryData<string, string, string?, string?, string> Refused => new()
    {
        { "malformed_json", "tool.logged", null, null, """{"log_id": "malformed", "output": """ },
        { "malformed_json", "tool.logged", null, null, "" },
        { "not_an_object", "tool.logged", null, null, """["log_id"]""" },
        { "unknown_type", "nobody.knows", "type", "unknown", """{"log_id": "unknown"}""" },
        { "missing_field", "flow.log.updated", "log_id", null, """{"trace_status": "complete", "output": "x"}""" },
        { "missing_field", "log.deleted", "log_id", null, "{}" },
        { "wrong_type", "tool.logged", "log_id", null, """{"log_id": 5}""" },
        { "id_too_long", "tool.logged", "log_id", BoundedText.Id(new string('é', 128)), $$"""{"log_id": "{{new string('é', 128)}}"}""" },
        { "id_too_long", "tool.logged", "log_id", BoundedText.Id(new string('x', 200_000)), $$"""{"log_id": "{{new string('x', 200_000)}}"}""" },
        { "too_large", "tool.logged", null, "large", $$"""{"log_id": "large", "output": "{{new string('x', 1024 * 1024)}}"}""" },
        { "too_deep", "tool.logged", null, null, """{"log_id": "deep", "inputs": {"a": """ + new string('[', 5000) + new string(']', 5000) + "}}" },
    };

    [RabbitMqTheory]
    [MemberData(nameof(Refused))]
    public async Task A_message_that_can_never_succeed_is_refused_with_its_reason(
        string reason, string type, string? field, string? logId, string body)
    {
        await SendBetweenNeighboursAsync(TestMessage.Of(type, body) with { MessageId = "m-" + reason });

        var letter = await worker.LetterAsync();

        letter.Kind.ShouldBe(type);
        letter.MessageId.ShouldBe("m-" + reason);
        letter.Body.ShouldBe(Encoding.UTF8.GetBytes(body));
        letter["reason"].ShouldBe(reason);
        letter["field"].ShouldBe(field);
        if (logId is not null)
            letter["log_id"].ShouldBe(logId);
        ShouldBeWhole(letter, type, body, reason);
    }

    [RabbitMqFact]
    public async Task A_second_kind_for_one_Log_is_refused_and_the_first_stands()
    {
        const string body = """{"log_id": "two kinds", "output": "as a tool"}""";
        await StoreAsync("two kinds", TestMessage.Of("flow.logged", """{"log_id": "two kinds", "path": "a flow"}"""));
        await SendBetweenNeighboursAsync(TestMessage.Of("tool.logged", body));

        var letter = await worker.LetterAsync();

        letter["reason"].ShouldBe("kind_mismatch");
        letter["field"].ShouldBe("log_id");
        letter["log_id"].ShouldBe("two kinds");
        ShouldBeWhole(letter, "tool.logged", body, "kind_mismatch");
        (await worker.TraceAsync("two kinds"))!["flow"]!["path"]!.GetValue<string>().ShouldBe("a flow");
    }

    [RabbitMqFact]
    public async Task A_message_id_that_named_another_body_is_refused()
    {
        const string body = """{"output": "second"}""";
        await StoreAsync("reused", TestMessage.Of("tool.logged", """{"output": "first"}""") with { MessageId = "reused" });
        await SendBetweenNeighboursAsync(TestMessage.Of("tool.logged", body) with { MessageId = "reused" });

        var letter = await worker.LetterAsync();

        letter["reason"].ShouldBe("message_id_reused");
        letter.MessageId.ShouldBe("reused");
        ShouldBeWhole(letter, "tool.logged", body, "message_id_reused");
        (await worker.TraceAsync("reused"))!["output"]!.GetValue<string>().ShouldBe("first");
    }

    [RabbitMqFact]
    public async Task A_refused_message_that_asked_not_to_be_saved_leaves_its_length_and_hash()
    {
        const string body = """{"log_id": 7, "save": false, "output": "a secret"}""";
        await SendBetweenNeighboursAsync(TestMessage.Of("tool.logged", body));

        var letter = await worker.LetterAsync();

        letter["reason"].ShouldBe("wrong_type");
        Encoding.UTF8.GetString(letter.Body).ShouldNotContain("secret");
        letter["withheld"].ShouldNotBeNull();
    }

    /// <summary>
    /// The first that is stored stands, and some chunks are in hand at once: so the next message comes after it.
    /// </summary>
    private async Task StoreAsync(string logId, TestMessage message)
    {
        await worker.Broker.PublishAsync(message);
        await Eventually.FindAsync($"the Log {logId}", () => worker.TraceAsync(logId));
    }

    private async Task SendBetweenNeighboursAsync(TestMessage message)
    {
        var neighbours = new[] { Guid.NewGuid().ToString("n"), Guid.NewGuid().ToString("n") };
        await worker.Broker.PublishAsync(TestMessage.Of("tool.logged", $$"""{"log_id": "{{neighbours[0]}}"}"""));
        await worker.Broker.PublishAsync(message);
        await worker.Broker.PublishAsync(TestMessage.Of("tool.logged", $$"""{"log_id": "{{neighbours[1]}}"}"""));

        foreach (var neighbour in neighbours)
            await Eventually.FindAsync($"the neighbour {neighbour}", () => worker.TraceAsync(neighbour));
    }

    private static void ShouldBeWhole(RefusedLetter letter, string kind, string body, string reason)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        letter["dead_letter_id"].ShouldBe(DerivedIds.DeadLetter(kind, hash, reason));
        letter["detail"].ShouldNotBeNull().ShouldEndWith(".");
        DateTimeOffset.Parse(letter["first_received"].ShouldNotBeNull(), CultureInfo.InvariantCulture)
            .ShouldBe(TimeProvider.System.GetUtcNow(), tolerance: TimeSpan.FromMinutes(2));
    }
}
