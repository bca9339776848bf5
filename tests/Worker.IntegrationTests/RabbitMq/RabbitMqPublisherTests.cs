using Worker.Errors;
using Worker.Ingestion.RabbitMq;
using Worker.IntegrationTests.Support;
using Worker.RabbitMq;
using Worker.Storage;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

public sealed class RabbitMqPublisherTests : IAsyncLifetime
{
    private readonly VirtualHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    [RabbitMqFact]
    public async Task Every_message_is_confirmed_and_heard_of_in_order()
    {
        await using var publisher = await ConnectAsync();
        var heard = new List<long>();

        await publisher.PublishAsync(
            Messages(2000),
            (message, fault) =>
            {
                fault.ShouldBeNull();
                heard.Add(message.Position);
            },
            Token);

        heard.ShouldBe(Enumerable.Range(0, 2000).Select(i => (long)i));
        await using var broker = await _host.ConnectAsync();
        (await broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(2000u);
        (await broker.DrainAsync(BrokerClient.IngestQueue)).Select(message => message.BasicProperties.MessageId).ShouldBe(Enumerable.Range(0, 2000).Select(i => $"m{i}"));
    }

    [RabbitMqFact]
    public async Task A_message_that_cannot_be_sent_is_told_by_itself()
    {
        await using var publisher = await ConnectAsync();
        var faults = new List<(long, string)>();

        await publisher.PublishAsync(
            Messages(5).Select(message => message.Position == 2 ? message with { MessageId = new string('x', 256) } : message),
            (message, fault) =>
            {
                if (fault is not null)
                    faults.Add((message.Position, fault));
            },
            Token);

        var (position, sentence) = faults.ShouldHaveSingleItem();
        position.ShouldBe(2);
        sentence.ShouldContain("message_id has more than 255");
    }

    [RabbitMqFact]
    public async Task A_publish_that_is_cancelled_does_not_spoil_those_that_follow()
    {
        await using var publisher = await ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(i));
            await publisher.PublishAsync(Messages(5000), (_, _) => { }, cancelled.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        var heard = 0;
        await publisher.PublishAsync(Messages(500), (_, fault) => heard += fault is null ? 1 : 0, Token);
        heard.ShouldBe(500);
    }

    [RabbitMqFact]
    public async Task A_broker_that_goes_is_one_sentence()
    {
        await using var publisher = await ConnectAsync();
        var heard = 0;
        var publishing = publisher.PublishAsync(Messages(int.MaxValue), (_, _) => heard++, Token);
        await Eventually.IsTrueAsync("it publishes", () => heard > 100);
        await _host.Management.CloseConnectionAsync(_host.Name, "worker publish");

        (await Should.ThrowAsync<ServerUnreachableException>(() => publishing)).Message.ShouldContain("try again");
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_one_sentence_without_the_password()
    {
        var fault = await Should.ThrowAsync<ServerUnreachableException>(() =>
            RabbitMqPublisher.ConnectAsync(RabbitMqEndpoint.Parse("amqp://guest:secret@127.0.0.1:1/"), TimeProvider.System, Token));

        fault.Message.ShouldContain("RabbitMQ at amqp://127.0.0.1:1/ does not answer");
        fault.Message.ShouldNotContain("secret");
    }

    [RabbitMqFact]
    public async Task A_wrong_password_and_a_wrong_virtual_host_are_faults_of_the_configuration()
    {
        var password = new UriBuilder(_host.Uri) { UserName = "nobody", Password = "secret" }.Uri;
        var virtualHost = new UriBuilder(_host.Uri) { Path = "/nowhere" }.Uri;

        (await FaultAsync(password)).ShouldContain("refuses the user or password of ConnectionStrings:RabbitMq");
        (await FaultAsync(virtualHost)).ShouldContain("has no such virtual host");
    }

    [RabbitMqFact]
    public async Task What_the_shipped_definitions_make_is_what_the_worker_declares()
    {
        await _host.Management.ImportAsync(_host.Name, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "config", "rabbitmq", "definitions.json"), Token));
        await using var publisher = await ConnectAsync();

        await publisher.PublishAsync(Messages(1), (_, fault) => fault.ShouldBeNull(), Token);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<string> FaultAsync(Uri uri)
    {
        var fault = await Should.ThrowAsync<ConfigurationException>(() =>
            RabbitMqPublisher.ConnectAsync(RabbitMqEndpoint.Parse(uri.ToString()), TimeProvider.System, Token));
        fault.Message.ShouldNotContain("secret");
        return fault.Faults.ShouldHaveSingleItem();
    }

    private Task<RabbitMqPublisher> ConnectAsync() =>
        RabbitMqPublisher.ConnectAsync(RabbitMqEndpoint.Parse(_host.Uri.ToString()), TimeProvider.System, Token);

    private static IAsyncEnumerable<InboxMessage> Messages(int count) =>
        Enumerable.Range(0, count).Select(i => Some.InboxMessage($"{i}", messageId: $"m{i}") with { Position = i }).ToAsyncEnumerable();
}
