using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.RabbitMq;

/// <summary>What a broker without memory does, so that other tests may rely on it.</summary>
public sealed class MemoryAlarmTests
{
    [RabbitMqFact]
    public async Task While_a_memory_alarm_stands_no_publish_is_confirmed_and_afterwards_it_is()
    {
        await using var node = await PrivateServer.BrokerAsync();
        await using var broker = await BrokerClient.ConnectAsync(node.Uri);
        await using var other = await BrokerClient.ConnectAsync(node.Uri);
        await broker.DeclareTopologyAsync();

        await node.RaiseMemoryAlarmAsync();
        var publishing = broker.PublishAsync(Message());
        await Should.ThrowAsync<TimeoutException>(() => publishing.WaitAsync(TimeSpan.FromSeconds(5)));
        (await other.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);

        await node.ClearMemoryAlarmAsync();
        await publishing.WaitAsync(Eventually.Limit);
        (await other.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(1u);
    }

    private static TestMessage Message() => TestMessage.Of("tool.logged", "{}");
}
