using System.Text;
using Microsoft.Extensions.Time.Testing;
using Worker.Publishing;
using Worker.Storage;

namespace Worker.Tests.Publishing;

public sealed class MessageFileTests
{
    private const int Limit = 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Lines_come_whole_and_in_order_however_the_stream_is_cut(int piece)
    {
        var text = string.Concat(Enumerable.Range(1, 300).Select(i => Line($"log-{i}") + (i % 2 == 0 ? "\r\n" : "\n")));
        var (messages, faults) = await ReadAsync(text, piece);
        faults.ShouldBeEmpty();
        messages.Select(Body).ShouldBe(Enumerable.Range(1, 300).Select(i => $$"""{"log_id":"log-{{i}}"}"""));
        messages.Select(message => message.ReceivedAt).ShouldBeInOrder();
        messages.Select(message => message.ReceivedAt).Distinct().Count().ShouldBe(300);
    }

    [Fact]
    public async Task A_bad_line_is_named_by_its_number_and_stops_nothing()
    {
        var (messages, faults) = await ReadAsync($"\uFEFF{Line("a")}\n\n   \nhello\n{Line("b")}", piece: 5);
        messages.Count.ShouldBe(2);
        faults.ShouldHaveSingleItem().ShouldStartWith("Line 4: it is not one JSON object");
    }

    [Fact]
    public async Task A_line_of_any_length_is_passed_over_in_bounded_memory()
    {
        var (messages, faults) = await ReadAsync(
            $"{Line("a")}\n{new string('x', 10_000_000)}\n{Line("b")}\n{new string('y', 5_000_000)}", piece: 65_536);
        messages.Select(Body).ShouldBe(["""{"log_id":"a"}""", """{"log_id":"b"}"""]);
        faults.Count.ShouldBe(2);
        faults[0].ShouldStartWith("Line 2: it is longer than 1024 bytes");
        faults[1].ShouldStartWith("Line 4: it is longer than 1024 bytes");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_here_already()
    {
        var (messages, faults) = await ReadAsync($$"""{"type":"tool.logged","output":"{{new string('x', Limit)}}"}""", piece: 100_000);
        messages.ShouldBeEmpty();
        faults.ShouldHaveSingleItem().ShouldContain("Ingestion:MaxMessageBytes is 1024");
    }

    private static string Line(string logId) => $$"""{"type":"tool.logged","log_id":"{{logId}}"}""";

    private static string Body(InboxMessage message) => Encoding.UTF8.GetString(message.Body.Span);

    private static async Task<(List<InboxMessage> Messages, List<string> Faults)> ReadAsync(string text, int piece)
    {
        using var stream = new PiecewiseStream(Encoding.UTF8.GetBytes(text), piece);
        var file = new MessageFile(stream, Limit, new FakeTimeProvider(Some.Time));
        List<InboxMessage> messages = [];
        List<string> faults = [];
        await foreach (var batch in file.ReadAsync(TestContext.Current.CancellationToken))
        {
            messages.AddRange(batch.Messages);
            faults.AddRange(batch.Faults);
        }

        return (messages, faults);
    }

    /// <summary>Gives at most so many bytes a read, as a pipe does.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
