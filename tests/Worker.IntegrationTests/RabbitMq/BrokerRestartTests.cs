using System.Collections.Concurrent;
using RabbitMQ.Client.Exceptions;
using Worker.IntegrationTests.Support;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

public sealed class BrokerRestartTests
{
    [RabbitMqFact]
    public async Task A_broker_that_is_restarted_under_load_loses_nothing_that_it_confirmed()
    {
        await using var node = await PrivateServer.BrokerAsync();
        await using var ingest = new TestIngest(node.Uri, alone: true);
        await ingest.StartAsync();
        await TestIngest.ConsumingAsync(node.Uri);
        var confirmed = new ConcurrentBag<string>();
        using var enough = new CancellationTokenSource();
        var publishing = PublishUntilAsync(node.Uri, confirmed, enough.Token);

        await ingest.SettledAsync(1000);
        await node.RestartAsync();
        var settled = (int)ingest.Account.Totals.Settled;
        await ingest.SettledAsync(settled + 1000);
        await enough.CancelAsync();
        await publishing;

        await Eventually.IsTrueAsync(
            "every confirmed message is processed", () => confirmed.All(body => ingest.TimesProcessed(body) > 0));
        await ingest.StopAsync();
        ingest.Log.Of("BrokerLost").ShouldHaveSingleItem();
        ingest.Log.Of("BrokerReturned").ShouldHaveSingleItem();
        ingest.Account.Totals.InHand.ShouldBe(0);
    }

    // A confirm that was lost with the connection says nothing: what it stood for is published again, as a producer
    // would.
    private static async Task PublishUntilAsync(Uri broker, ConcurrentBag<string> confirmed, CancellationToken enough)
    {
        var next = 0;
        while (!enough.IsCancellationRequested)
        {
            try
            {
                await using var client = await BrokerClient.ConnectAsync(broker);
                while (!enough.IsCancellationRequested)
                {
                    var bodies = Enumerable.Range(next, 100).Select(i => $$"""{"n":{{i}}}""").ToList();
                    await client.PublishAllAsync(bodies.Select(body => TestMessage.Of("tool.logged", body)));
                    bodies.ForEach(confirmed.Add);
                    next += bodies.Count;
                }
            }
            catch (Exception exception) when (exception is RabbitMQClientException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
        }
    }
}
