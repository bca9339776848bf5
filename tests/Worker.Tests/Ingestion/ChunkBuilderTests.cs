using Worker.Ingestion;

namespace Worker.Tests.Ingestion;

public sealed class ChunkBuilderTests
{
    [Fact]
    public void A_chunk_holds_so_many_messages_at_most()
    {
        var chunk = new ChunkBuilder(count: 2);

        chunk.TryAdd(Message(), since: 7).ShouldBeTrue();
        chunk.IsFull.ShouldBeFalse();
        chunk.TryAdd(Message(), since: 8).ShouldBeTrue();
        chunk.IsFull.ShouldBeTrue();
        chunk.TryAdd(Message(), since: 9).ShouldBeFalse();
        chunk.ToChunk().ShouldSatisfyAllConditions(
            built => built.Messages.Count.ShouldBe(2), built => built.Bytes.ShouldBe(2), built => built.Since.ShouldBe(7));
    }

    [Fact]
    public void A_chunk_holds_so_many_bytes_at_most_and_what_did_not_fit_closes_it()
    {
        var chunk = new ChunkBuilder(count: 10, bytes: 100);

        chunk.TryAdd(Message(60), 0).ShouldBeTrue();
        chunk.TryAdd(Message(41), 0).ShouldBeFalse();
        chunk.IsFull.ShouldBeTrue();
        chunk.TryAdd(Message(1), 0).ShouldBeFalse("nobody overtakes");
    }

    [Fact]
    public void One_longer_message_is_a_chunk_of_its_own()
    {
        var chunk = new ChunkBuilder(count: 10, bytes: 100);

        chunk.TryAdd(Message(5000), 0).ShouldBeTrue();
        chunk.TryAdd(Message(1), 0).ShouldBeFalse();
    }

    [Fact]
    public void Suspects_stay_among_themselves()
    {
        var chunk = new ChunkBuilder(count: 10);
        chunk.TryAdd(Message(), 0);
        chunk.TryAdd(Suspect(), 0).ShouldBeFalse();

        var suspects = new ChunkBuilder(count: 10);
        suspects.TryAdd(Suspect(), 0).ShouldBeTrue();
        suspects.TryAdd(Suspect(), 0).ShouldBeTrue();
        suspects.TryAdd(Message(), 0).ShouldBeFalse();
    }

    private static InboundMessage Message(int bytes = 1) => Some.Delivery(new string('x', bytes));

    private static InboundMessage Suspect() => Message() with { DeliveryCount = InboundMessage.SuspectFrom };
}
