using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Worker.Contracts;
using Worker.Contracts.Consumer;
using Worker.Ingestion;
using Worker.RabbitMq;
using Worker.Traces;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Tests.Contracts;

/// <summary>The worker reads every contract as it was meant.</summary>
public sealed class ContractDecodingTests
{
    // Not "last value wins", and so not among a message's changes.
    private static readonly string[] ReadApart = ["log_id", "save", "sent_at", "batch_id", "trace_status"];

    private static readonly MessageDecoder Decoder = new(1024 * 1024);

    public static TheoryData<string> Taken =>
        [.. EveryMessage.All.Select(message => message.Type)];

    [Fact]
    public void Every_message_of_the_worker_is_a_contract_and_every_contract_has_an_exchange()
    {
        EveryMessage.All.Select(message => message.Type)
            .ShouldBe(
                Enum.GetValues<MessageKind>().Where(kind => !kind.IsAboutFiles()).Select(kind => kind.WireName()),
                ignoreOrder: true);
        EveryMessage.All.Select(message => $"Worker.Contracts:{message.Message.GetType().Name}")
            .ShouldBe(RabbitMqTopology.ContractExchanges, ignoreOrder: true);
        typeof(ToolLogged).Assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Logged", StringComparison.Ordinal) || type.Name.EndsWith("Updated", StringComparison.Ordinal))
            .ShouldBeSubsetOf(EveryMessage.All.Select(message => message.Message.GetType()));
    }

    [Fact]
    public void Every_message_of_these_tests_has_every_field_of_its_contract()
    {
        foreach (var (_, message) in EveryMessage.All)
        {
            Written(message).Select(member => member.Key)
                .ShouldBe(message.GetType().GetProperties().Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public void A_contract_is_decoded_without_problems_to_the_same_values(string type)
    {
        var json = Written(Message(type));

        var message = Decoder.Decode(Some.Delivery(json.ToJsonString(), type)).Message!;

        message.Problems.ShouldBeEmpty();
        message.Kind.WireName().ShouldBe(type);
        message.LogId.ShouldBe(json["log_id"]!.GetValue<string>());
        message.OccurredAt.ShouldBe(Timestamps.ToMicroseconds(json["sent_at"]!.GetValue<DateTimeOffset>()));
        message.Withheld.ShouldBe(json["save"]?.GetValue<bool>() == false);
        message.BatchId.ShouldBe(json["batch_id"]?.GetValue<string>());
        message.CompletionRequested.ShouldBe(json["trace_status"]?.GetValue<string>() == "complete");
        // A Flow's status is what asks for completion, by either name.
        var apart = message.Kind.KindOfLog() == LogKind.Flow ? [.. ReadApart, "log_status"] : ReadApart;
        // Of the two fields for a judgment the one that is unset says nothing.
        var changes = message.Changes.Where(change => change.Field != LogFields.JudgmentText || change.Value is not null).ToList();
        changes.Select(change => change.Field.Name).ShouldBe(
            json.Select(member => member.Key).Except(apart), ignoreOrder: true);
        foreach (var (field, value, _) in changes)
            AreSame(field, value, json[field.Name]).ShouldBeTrue(
                $"{field.Name}: {value} is not {json[field.Name]?.ToJsonString()}");
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public void A_contract_in_an_envelope_of_MassTransit_is_known_by_its_name(string type)
    {
        var message = Message(type);
        var envelope = new JsonObject
        {
            ["messageId"] = "e-1",
            ["messageType"] = new JsonArray($"urn:message:Worker.Contracts:{message.GetType().Name}"),
            ["message"] = Written(message),
        };

        var decoded = Decoder.Decode(Some.Delivery(envelope.ToJsonString(), type: null));

        decoded.Refusal.ShouldBeNull();
        decoded.Kind!.Value.WireName().ShouldBe(type);
    }

    private static object Message(string type) => EveryMessage.All.Single(message => message.Type == type).Message;

    private static JsonObject Written(object message) => JsonSerializer.SerializeToNode(message)!.AsObject();

    private static bool AreSame(Field field, JsonValue? actual, JsonNode? expected) => (actual, expected) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ when field.Type == FieldType.Date => DateTimeOffset.Parse(actual.Value.AsText()!, null) == expected.GetValue<DateTimeOffset>(),
        _ => CanonicalJson.AreEqual(actual.Value, Some.Json(expected.ToJsonString())),
    };
}
