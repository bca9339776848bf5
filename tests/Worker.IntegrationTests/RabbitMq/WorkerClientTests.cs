using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using Worker.Client;
using Worker.Contracts;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.RabbitMq;

public sealed class WorkerClientTests : IAsyncLifetime
{
    private readonly VirtualHost _host = new();
    private readonly TemporaryFolder _spool = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    [RabbitMqTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_arrives_with_type_id_and_span_whoever_else_traces_the_broker(bool isTraced)
    {
        await using var broker = await _host.ConnectAsync();
        await broker.DeclareTopologyAsync();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => isTraced && source.Name.StartsWith("RabbitMQ.Client", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var client = Client();
        using var activity = new Activity("call") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

        client.Log(new ToolLogged { LogId = "t-1", Output = "x" }).ShouldBeTrue();
        await Eventually.IsTrueAsync("it is published", () => client.Counts.Published == 1);

        var message = (await broker.DrainAsync(BrokerClient.IngestQueue)).ShouldHaveSingleItem();
        message.RoutingKey.ShouldBe("tool.logged");
        var properties = message.BasicProperties;
        (properties.Type, properties.DeliveryMode, properties.ContentType)
            .ShouldBe(("tool.logged", DeliveryModes.Persistent, "application/json"));
        properties.MessageId.ShouldNotBeNullOrEmpty();
        var header = BrokerClient.Header(message, "traceparent").ShouldNotBeNull();
        header.ShouldStartWith($"00-{activity.TraceId}-");
        if (!isTraced)
            header.ShouldBe(activity.Id);
        JsonDocument.Parse(message.Body).RootElement.GetProperty("sent_at").GetDateTimeOffset()
            .ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [RabbitMqFact]
    public async Task What_is_called_before_there_is_a_queue_is_kept_until_there_is()
    {
        await using var broker = await _host.ConnectAsync();
        await using var client = Client();
        for (var i = 0; i < 100; i++)
            client.Log(new ToolLogged { LogId = $"t-{i}" }).ShouldBeTrue();
        await Eventually.IsTrueAsync("it is spooled", () => client.Counts is { Spooled: 100, InMemory: 0 });

        await broker.DeclareTopologyAsync();
        await Eventually.IsTrueAsync("it is forwarded", () => client.Counts.Forwarded == 100);

        (await broker.DrainAsync(BrokerClient.IngestQueue)).Select(message => message.BasicProperties.MessageId)
            .Distinct().Count().ShouldBe(100);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _spool.Dispose();
    }

    private WorkerClient Client() =>
        new(new WorkerClientOptions { RabbitMq = _host.Uri.ToString(), SpoolPath = _spool.Path });
}
