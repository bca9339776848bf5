using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RabbitMQ.Client;

namespace Worker.Testing.Fuzz;

/// <summary>
/// AMQP properties as the client gives them: each right, odd, forged or absent; headers of any type a table may hold.
/// </summary>
internal static class HostileProperties
{
    private static readonly string[] Kinds =
    [
        "tool.logged", "ToolLogged", "flow.logged", "flow.log.updated", "FlowLogUpdated", "tool.log.updated", "prompt.logged", "prompt.log.updated", "log.deleted",
        "evaluator.logged", "EvaluatorLogged",
        "TOOL.LOGGED",
    ];

    private static readonly Gen<string> Odd = Gen.Elements(
        "", " ", "tool.called", "a\0b", "\ufffe", "漢字", "log.*.#", ";", "urn:message:X:Y", new('k', 255));

    private static readonly string[] Headers =
    [
        "MT-MessageType", "x-death", "x-first-death-queue", "x-delivery-count", "x-acquired-count", "first_received", "reason", "withheld", "field", "detail", "log_id",
        "dead_letter_id", "body_hash", "body_length", "content_encoding", "CC", "BCC", "",
    ];

    private static readonly Gen<object?> Scalars = Gen.OneOf(
        Gen.Elements("tool.logged", "urn:message:Worker.Contracts:ToolLogged;urn:x:y", "poison", "malformed_json", "2026-01-01T00:00:00.5Z", "9999-12-31T23:59:59.999999Z",
            "0001-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "12:00", "-1", "true", "", "\ufffe\0", ";;;;;;;;", new string('h', 100_000)).Select(object? (text) => Encoding.UTF8.GetBytes(text)),
        Gen.Elements<object?>(
            null, true, false, (byte)3, (sbyte)-3, (short)-1, (ushort)7, -1, int.MaxValue, 99u, long.MinValue, long.MaxValue, 3UL, 1.5f, double.NaN, double.PositiveInfinity,
            decimal.MaxValue, new byte[] { 0xFF, 0xFE, 0x00 }, System.Array.Empty<byte>(), "a string", new BinaryTableValue([1, 2]),
            new AmqpTimestamp(long.MaxValue), new AmqpTimestamp(long.MinValue), new AmqpTimestamp(253_402_300_800), new AmqpTimestamp(-62_135_596_801), new AmqpTimestamp(0)));

    private static readonly Gen<object?> Deaths = Gen.OneOf(
        Scalars,
        Gen.Constant<object?>(new List<object?>()),
        Scalars.Select(object? (item) => new List<object?> { item }),
        from queue in Scalars
        from reason in Scalars
        from time in Scalars
        from keys in Gen.OneOf(
            Scalars,
            Scalars.Select(object? (key) => new List<object?> { key }),
            Gen.Constant<object?>(new List<object?>()))
        from count in Scalars
        select (object?)new List<object?>
        {
            new Dictionary<string, object?> { ["queue"] = queue, ["reason"] = reason, ["time"] = time, ["routing-keys"] = keys, ["count"] = count, ["exchange"] = null },
        });

    public static Gen<BasicProperties> Of(HostileIds ids) =>
        from type in Gen.Frequency((14, Gen.Elements(Kinds)), (2, Gen.Constant("")), (2, Odd))
        from messageId in Gen.Frequency((2, Gen.Constant("")), (3, ids.MessageId))
        from contentType in Gen.Elements(
            null,
            "application/json",
            "application/vnd.masstransit+json",
            "APPLICATION/VND.MASSTRANSIT+JSON; charset=utf-8",
            "text/plain",
            "",
            "\ufffe")
        from timestamp in Gen.Elements<long?>(null, null, 0, long.MaxValue, long.MinValue)
        from headers in HeadersOf()
        select Properties(type, messageId, contentType, timestamp, headers);

    /// <summary>A routing key.</summary>
    public static Gen<string> RoutingKey() =>
        Gen.Frequency((3, Gen.Elements(Kinds)), (1, Odd), (1, Gen.Elements("worker.ingest", "worker.dead")));

    private static Gen<Dictionary<string, object?>?> HeadersOf() => Gen.Frequency<Dictionary<string, object?>?>(
        (2, Gen.Constant<Dictionary<string, object?>?>(null)),
        (3, from names in Gen.SubListOf(Headers)
            from values in Gen.CollectToArray(names.Select(name => name == "x-death" ? Deaths : Gen.Frequency((8, Scalars), (1, Deaths))))
            select names.Zip(values).ToDictionary(header => header.First, header => header.Second)));

    private static BasicProperties Properties(
        string type, string messageId, string? contentType, long? timestamp, Dictionary<string, object?>? headers)
    {
        var properties = new BasicProperties { Headers = headers };
        if (type.Length > 0)
            properties.Type = type;
        if (messageId.Length > 0)
            properties.MessageId = messageId;
        if (contentType is not null)
            properties.ContentType = contentType;
        if (timestamp is { } seconds)
            properties.Timestamp = new AmqpTimestamp(seconds);
        return properties;
    }
}
