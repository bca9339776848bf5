using System.Text;
using RabbitMQ.Client;
using Worker.DeadLetters.RabbitMq;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Ingestion.RabbitMq;

public sealed class DeadLetterMessagesTests
{
    [Fact]
    public void A_letter_is_read_as_it_was_written()
    {
        var letter = Some.DeadLetter();

        RoundTrip(letter).ShouldBe(letter with { Body = null });
    }

    [Fact]
    public void A_withheld_letter_keeps_length_and_hash_of_a_body_that_is_not_there()
    {
        var letter = Some.DeadLetter() with { Body = null, Withheld = true, BodyLength = 4711 };

        RoundTrip(letter).ShouldBe(letter);
    }

    [Fact]
    public void What_is_longer_than_AMQP_allows_is_cut_between_characters()
    {
        var properties = DeadLetterMessages.Write(Some.DeadLetter() with { Kind = new string('k', 254) + "é", MessageId = string.Concat(Enumerable.Repeat("😀", 100)) });

        properties.Type.ShouldBe(new string('k', 252) + "…");
        properties.MessageId.ShouldBe(string.Concat(Enumerable.Repeat("😀", 63)) + "…");
    }

    [Fact]
    public void A_letter_from_the_broker_itself_reads_as_poison()
    {
        var properties = new BasicProperties
        {
            Headers = new Dictionary<string, object?>
            {
                ["x-death"] = new List<object?>
                {
                    new Dictionary<string, object?>
                    {
                        ["queue"] = Encoding.UTF8.GetBytes("worker.ingest"),
                        ["reason"] = Encoding.UTF8.GetBytes("rejected"),
                        ["time"] = new AmqpTimestamp(Some.Time.ToUnixTimeSeconds()),
                        ["routing-keys"] = new List<object?> { Encoding.UTF8.GetBytes("tool.logged") },
                    },
                },
            },
        };

        var letter = Read(properties, "{}"u8.ToArray());

        letter.Reason.ShouldBe("poison");
        letter.Kind.ShouldBe("tool.logged");
        letter.FirstReceived.ShouldBe(Some.Time);
        letter.MessageId.ShouldBe(letter.BodyHash);
        letter.DeadLetterId.ShouldBe(DerivedIds.DeadLetter("tool.logged", letter.BodyHash, "poison"));
        letter.Detail.ShouldContain("worker.ingest (rejected)");
    }

    [Fact]
    public void A_redriven_letter_is_the_message_it_was_with_its_first_receipt()
    {
        var named = DeadLetterMessages.WriteRedriven(Some.DeadLetter());
        var nameless = DeadLetterMessages.WriteRedriven(
            Some.DeadLetter() with { MessageId = Some.DeadLetter().BodyHash });

        named.Type.ShouldBe("tool.logged");
        named.MessageId.ShouldBe("message-of-dead-1");
        named.ContentType.ShouldBe("application/json");
        named.Headers!.Keys.ShouldBe(["first_received", "dead_letter_attempts"]);
        nameless.IsMessageIdPresent().ShouldBeFalse();
    }

    [Fact]
    public void How_often_it_was_refused_goes_with_it_and_a_death_at_the_broker_is_one_more_time()
    {
        var letter = Some.DeadLetter() with
        {
            Attempts = [new(1, Some.At(1), "poison", "ü"), new(2, Some.At(2), "missing_field", null)],
        };
        RoundTrip(letter).Attempts.ShouldBe(letter.Attempts);

        var redriven = DeadLetterMessages.WriteRedriven(letter);
        redriven.Headers!["x-death"] = new List<object?>
        {
            new Dictionary<string, object?> { ["time"] = new AmqpTimestamp(Some.At(5_000).ToUnixTimeSeconds()) },
        };
        var again = Read(redriven, "{}"u8.ToArray()).Attempts;

        again[..2].ShouldBe(letter.Attempts);
        (again[2].Number, again[2].Reason, again[2].At).ShouldBe((3, "poison", Some.At(5_000)));
    }

    private static DeadLetter RoundTrip(DeadLetter letter)
    {
        var read = Read(DeadLetterMessages.Write(letter), letter.Body?.ToArray() ?? []);
        if (letter.Body is { } body)
            read.Body!.Value.ToArray().ShouldBe(body.ToArray());
        return read with { Body = null };
    }

    // Text in headers arrives as bytes.
    private static DeadLetter Read(BasicProperties properties, byte[] body)
    {
        properties.Headers = properties.Headers!.ToDictionary(header => header.Key, header => header.Value is string text ? Encoding.UTF8.GetBytes(text) : header.Value);
        return DeadLetterMessages.Read(new BasicGetResult(1, false, "logs.dead", "", 0, properties, body), Some.At(99));
    }
}
