using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Worker.Ingestion;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing.Fuzz;

/// <summary>
/// The whole way of a message: read from the broker's client, decoded, merged, resolved, stored, judged, shown; and its
/// letter, where it is refused. Every step is the product's own, over any store. Throws where one step throws or breaks
/// the contract.
/// </summary>
internal sealed class WholeWay(StoreUnderTest store) : IAsyncDisposable
{
    private const int Limit = 1024 * 1024;

    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly Dictionary<string, int> _named = new(StringComparer.Ordinal);
    private WholeWayEnd? _end;

    /// <summary>What was stored, and what refused, of all messages but the neighbours.</summary>
    public (int Stored, int Refused) Count { get; private set; }

    public ValueTask DisposeAsync() => _end?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>
    /// Takes in one chunk, in which good messages stand before, between and behind, twice; then judges and shows it.
    /// </summary>
    public async Task GoAsync(HostileIds ids, IReadOnlyList<HostileDelivery> deliveries)
    {
        var end = _end ??= new WholeWayEnd(store, _time);
        var ingestion = new TestIngestion(store, _time) { Attached = end.Attaches };
        var inbound = deliveries.Select(delivery => delivery.Read(_time.GetUtcNow())).ToList();
        var chunk = WithNeighbours(ids, inbound);

        var result = await ingestion.SendAsync(chunk);
        (result.Stored + result.Unchanged + result.Collapsed + result.Absorbed + result.Refused).ShouldBe(chunk.Count);
        ingestion.DeadLetters.Count.ShouldBe(result.Refused);
        var ownRefused = await CheckAsync(ids, deliveries, inbound, ingestion.DeadLetters);
        Count = (Count.Stored + deliveries.Count - ownRefused, Count.Refused + ownRefused);
        await end.CheckLettersAsync(ingestion.DeadLetters);
        var revision = await end.JudgeAsync(ids.Parent);

        // What was refused is gone from the queue; a message of another kind would be let in now if a Log's kind was
        // provisional.
        _time.Advance(Later);
        var refused = ingestion.DeadLetters.Select(letter => letter.BodyHash).ToHashSet();
        var redelivered = deliveries.Where(delivery => !refused.Contains(HashOf(delivery))).Select(
            delivery => delivery.Read(_time.GetUtcNow()));
        var again = await ingestion.SendAsync(WithNeighbours(ids, [.. redelivered]));
        again.Stored.ShouldBe(0, "a redelivery changes nothing");
        (await end.JudgeAsync(ids.Parent)).ShouldBe(revision, "the same content is judged once");
        await end.ShowAsync([ids.Parent, ids.Shared, .. await NamedAsync(inbound)]);
    }

    /// <summary>Nothing is owed.</summary>
    public Task VerifyAsync() => _end!.VerifyAsync();

    private async Task<int> CheckAsync(
        HostileIds ids, IReadOnlyList<HostileDelivery> deliveries, List<InboundMessage> inbound, IReadOnlyList<DeadLetter> letters)
    {
        var expected = deliveries.Zip(inbound, (delivery, message) => Expectation.Of(delivery.Body, message, Limit)).ToList();
        foreach (var id in expected.Select(one => one.LogId).OfType<string>())
            _named[id] = _named.GetValueOrDefault(id) + 1;

        // Others name it, too, and not in their bodies alone.
        _named[ids.Shared] = 2;
        var hashes = deliveries.Select(HashOf).ToList();
        var stored = await store.Logs.ReadAsync(
            [.. expected.Select(one => one.LogId).OfType<string>().Append(ids.Parent).Append(ids.Own).Concat(expected.Select(one => one.JudgedId).OfType<string>())],
            CancellationToken.None);
        stored[ids.Parent].IsComplete.ShouldBeTrue("the neighbours are stored");
        stored[ids.Own].Text(LogFields.Output).ShouldBe("neighbour");
        for (var i = 0; i < expected.Count; i++)
        {
            // Of two of the same bytes nobody can tell whose letter it is.
            if (hashes.Count(hash => hash == hashes[i]) > 1)
                continue;
            var letter = letters.FirstOrDefault(letter => letter.BodyHash == hashes[i]);
            Check(expected[i], letter, expected[i].LogId is { } id ? stored.GetValueOrDefault(id) : null, stored);
        }

        return letters.Count(letter => hashes.Contains(letter.BodyHash));
    }

    private void Check(
        Expectation expected, DeadLetter? letter, Log? log, IReadOnlyDictionary<string, Log> stored)
    {
        letter?.Reason.ShouldNotBe("poison");
        if (expected.IsOpen)
            return;
        if (expected.Reasons.Count > 0)
        {
            letter.ShouldNotBeNull("it cannot be stored").Reason.ShouldBeOneOf([.. expected.Reasons]);
            return;
        }

        if (expected.LogId is null || _named[expected.LogId] > 1)
        {
            letter?.Reason.ShouldBeOneOf("kind_mismatch", "message_id_reused");
            return;
        }

        letter.ShouldBeNull("nothing is wrong with it that counts");
        log.ShouldNotBeNull();
        if (expected.Kind == "log.deleted")
            log.IsDeleted.ShouldBeTrue();
        else if (expected.JudgedId is { } judged && log.IsDeleted)
            stored[judged].IsDeleted.ShouldBeTrue("a verdict goes with what it is on");
        else
            ExpectedFields.Check(log, expected);
    }

    private static string HashOf(HostileDelivery delivery) =>
        Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Delivered));

    private static List<InboundMessage> WithNeighbours(HostileIds ids, List<InboundMessage> messages)
    {
        var half = messages.Count / 2;
        return
        [
            Some.Delivery($$"""{"log_id":"{{ids.Parent}}","path":"support/answer","sent_at":"2026-01-02T03:04:05Z"}""", "flow.logged"),
            .. messages.Take(half),
            Some.Delivery($$"""{"log_id":"{{ids.Own}}","trace_parent_id":"{{ids.Parent}}","output":"neighbour"}"""),
            .. messages.Skip(half),
            Some.Delivery($$"""{"log_id":"{{ids.Parent}}","trace_status":"complete","output":"done","sent_at":"2026-01-02T03:04:06Z"}""", "flow.log.updated"),
        ];
    }

    private async Task<IEnumerable<string>> NamedAsync(List<InboundMessage> inbound)
    {
        var decoder = new MessageDecoder(Limit);
        var ids = inbound.Select(message => decoder.Decode(message).Message?.LogId).OfType<string>().Distinct(StringComparer.Ordinal).Take(4).ToList();
        return (await store.Logs.ReadAsync(ids, CancellationToken.None)).Keys;
    }
}
