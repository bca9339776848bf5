using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Worker.Ingestion;
using Worker.Ingestion.RabbitMq;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Ingestion.RabbitMq;

/// <summary>What the worker keeps of a message outlives the buffer that its body was in.</summary>
public sealed class BorrowedBodiesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_body_is_a_copy_and_nothing_of_it_is_left_when_it_is_given_back()
    {
        var clients = "the client uses this again"u8.ToArray();
        var message = Some.Delivery("") with { Body = BorrowedBodies.Copy(clients) };
        clients.AsSpan().Clear();
        Encoding.UTF8.GetString(message.Body.Span).ShouldBe("the client uses this again");

        BorrowedBodies.Return([message]);

        message.Body.ToArray().ShouldAllBe(each => each == 0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 16)]
    [InlineData(1025, 2048)]
    public void What_a_body_takes_is_the_length_of_its_buffer(int body, long memory) =>
        BorrowedBodies.MemoryOf([Some.Delivery("") with { Body = BorrowedBodies.Copy(new byte[body]) }]).ShouldBe(memory);

    [Fact]
    public void What_was_stored_does_not_change_when_the_bodies_are_given_back() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Generate.Messages().ToArbitrary(), messages =>
            StoreAfterAsync(messages, givesBack: true).GetAwaiter().GetResult().ShouldBe(
                StoreAfterAsync(messages, givesBack: false).GetAwaiter().GetResult())));

    [Fact]
    public async Task Details_that_are_remembered_are_those_that_came()
    {
        using var file = new SqliteTestStore();
        await using var store = await file.OpenAsync(Token);
        var processor = new TestIngestion(store, TimeProvider.System).Processor();
        for (var log = 0; log < 3; log++)
            await GiveAsync(processor, [Borrowed(Some.Delivery($$"""{"tool":{"source_code":"x"},"log_id":"{{log}}","path":"p"}"""))], true);

        var logs = await store.Logs.ReadAsync(["0", "1", "2"], Token);
        var version = logs.Values.Select(log => log.Resolution!.VersionId!).Distinct().ShouldHaveSingleItem();
        var catalog = await store.Files.ReadAsync([new VersionKey(version)], Token);
        catalog.Versions[version].Details.ToString().ShouldBe("""{"source_code":"x"}""");
    }

    /// <summary>Every Log as its document, after chunks of three.</summary>
    private static async Task<string> StoreAfterAsync(LogMessage[] messages, bool givesBack)
    {
        using var file = new SqliteTestStore();
        await using var store = await file.OpenAsync(CancellationToken.None);
        var processor = new TestIngestion(store, TimeProvider.System).Processor();
        foreach (var chunk in messages.Select(message => Generate.Delivery(message)).Chunk(3))
            await GiveAsync(processor, [.. chunk.Select(Borrowed)], givesBack);
        var logs = await store.Logs.ReadAsync([.. messages.Select(message => message.LogId).Distinct()], CancellationToken.None);
        return string.Join('\n', logs.Values.OrderBy(log => log.Id, StringComparer.Ordinal).Select(Document));
    }

    private static string Document(Log log)
    {
        var document = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(document, LogDocument.WriterOptions))
            LogDocument.Write(log, json);
        return Encoding.UTF8.GetString(document.WrittenSpan);
    }

    private static async Task GiveAsync(ChunkProcessor processor, InboundMessage[] chunk, bool givesBack)
    {
        await processor.ProcessAsync(chunk, CancellationToken.None);
        if (givesBack)
            BorrowedBodies.Return(chunk);
    }

    private static InboundMessage Borrowed(InboundMessage message) =>
        message with { Body = BorrowedBodies.Copy(message.Body) };
}
