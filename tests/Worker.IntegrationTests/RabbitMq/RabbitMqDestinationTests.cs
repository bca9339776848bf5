using Worker.Errors;
using Worker.IntegrationTests.Support;
using Worker.Publishing;
using Worker.RabbitMq;
using Worker.Storage;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

public sealed class RabbitMqDestinationTests : IAsyncLifetime
{
    private readonly VirtualHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    [RabbitMqFact]
    public async Task Every_message_is_confirmed_and_they_arrive_in_order()
    {
        await using var destination = await ConnectAsync();

        (await destination.SendAsync(Messages(2000), Token)).ShouldBeEmpty();

        await using var broker = await _host.ConnectAsync();
        (await broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(2000u);
        (await broker.DrainAsync(BrokerClient.IngestQueue)).Select(message => message.BasicProperties.MessageId).ShouldBe(Enumerable.Range(0, 2000).Select(i => $"m{i}"));
    }

    [RabbitMqFact]
    public async Task A_message_that_cannot_be_sent_is_told_by_itself()
    {
        await using var destination = await ConnectAsync();
        var messages = Messages(500);
        messages[2] = messages[2] with { MessageId = new string('x', 256) };
        messages[400] = messages[400] with { Type = new string('y', 256) };

        var rejected = await destination.SendAsync(messages, Token);

        rejected.Select(each => each.Index).ShouldBe([2, 400]);
        rejected[0].Why.ShouldContain("message_id has more than 255");
    }

    [RabbitMqFact]
    public async Task A_publish_that_is_cancelled_does_not_spoil_those_that_follow()
    {
        await using var destination = await ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(i));
            await destination.SendAsync(Messages(5000), cancelled.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        (await destination.SendAsync(Messages(500), Token)).ShouldBeEmpty();
    }

    [RabbitMqFact]
    public async Task A_broker_that_goes_is_one_sentence()
    {
        await using var destination = await ConnectAsync();
        var sending = SendForeverAsync();
        await using var broker = await _host.ConnectAsync();
        await Eventually.IsTrueAsync(
            "it publishes", async () => await broker.ReadyAsync(BrokerClient.IngestQueue) > 100);
        await _host.Management.CloseConnectionAsync(_host.Name, "worker publish");

        (await Should.ThrowAsync<ServerUnreachableException>(() => sending)).Message.ShouldContain("try again");

        async Task SendForeverAsync()
        {
            while (true)
                await destination.SendAsync(Messages(500), Token);
        }
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_one_sentence_without_the_password()
    {
        var fault = await Should.ThrowAsync<ServerUnreachableException>(() =>
            ConnectAsync("amqp://guest:secret@127.0.0.1:1/"));

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
        await using var destination = await ConnectAsync();

        (await destination.SendAsync(Messages(1), Token)).ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<string> FaultAsync(Uri uri)
    {
        var fault = await Should.ThrowAsync<ConfigurationException>(() =>
            ConnectAsync(uri.ToString()));
        fault.Message.ShouldNotContain("secret");
        return fault.Faults.ShouldHaveSingleItem();
    }

    private Task<RabbitMqDestination> ConnectAsync() => ConnectAsync(_host.Uri.ToString());

    private static async Task<RabbitMqDestination> ConnectAsync(string uri)
    {
        var destination = new RabbitMqDestination(RabbitMqEndpoint.Parse(uri), TimeProvider.System);
        await destination.OpenAsync(Token);
        return destination;
    }

    private static List<InboxMessage> Messages(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Some.InboxMessage($"{i}", messageId: $"m{i}"))];
}
