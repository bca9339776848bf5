using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;

namespace Worker.Client.Tests;

public sealed class HostTests : IDisposable
{
    /// <summary>Where nobody listens: nothing may be bound to port 1 without privilege.</summary>
    private const string Nowhere = "amqp://guest:secret-word@127.0.0.1:1";

    private readonly string _folder = Directory.CreateTempSubdirectory("worker-client-").FullName;

    [Fact]
    public async Task What_other_services_log_while_they_stop_is_kept()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddWorkerClient(options => (options.RabbitMq, options.SpoolPath) = (Nowhere, _folder));
        builder.Services.AddHostedService<LogsWhenItStops>();
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<WorkerClient>();
        using var metric = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "Worker.Client", "worker.client.spooled");

        await host.StopAsync(TestContext.Current.CancellationToken);

        client.Counts.ShouldBe(new WorkerClientCounts(1, 0, Spooled: 1, 0, 0, 0, 0));
        metric.GetMeasurementSnapshot().EvaluateAsCounter().ShouldBe(1);
    }

    [Fact]
    public async Task Wrong_options_keep_the_host_from_starting_and_show_no_password()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddWorkerClient(options => options.RabbitMq = "amqp://guest:secret-word@");
        using var host = builder.Build();

        var exception = await Should.ThrowAsync<ArgumentException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        exception.Message.ShouldStartWith("WorkerClientOptions.RabbitMq accepts amqp://");
        exception.ToString().ShouldNotContain("secret-word");
    }

    [Theory]
    [InlineData(nameof(WorkerClientOptions.MaxMemoryMessages))]
    [InlineData(nameof(WorkerClientOptions.MaxMemoryBytes))]
    [InlineData(nameof(WorkerClientOptions.MaxMessageBytes))]
    [InlineData(nameof(WorkerClientOptions.MaxSpoolBytes))]
    public void A_number_out_of_bounds_is_named(string name)
    {
        var options = new WorkerClientOptions { RabbitMq = Nowhere };
        var property = typeof(WorkerClientOptions).GetProperty(name)!;
        property.SetValue(options, Convert.ChangeType(1, property.PropertyType, null));

        Should.Throw<ArgumentException>(() => new WorkerClient(options)).Message.ShouldContain($".{name} accepts");
    }

    [Fact]
    public void A_container_that_is_disposed_of_synchronously_ends_the_client()
    {
        var services = new ServiceCollection();
        services.AddWorkerClient(options => (options.RabbitMq, options.SpoolPath) = (Nowhere, _folder));
        WorkerClient client;
        using (var provider = services.BuildServiceProvider())
        {
            client = provider.GetRequiredService<WorkerClient>();
            client.Log(World.Tool(1)).ShouldBeTrue();
        }

        client.Log(World.Tool(2)).ShouldBeFalse();
        client.Counts.ShouldBe(new WorkerClientCounts(1, 0, Spooled: 1, 0, Refused: 1, 0, 0));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class LogsWhenItStops(WorkerClient client) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            client.Log(World.Tool(1)).ShouldBeTrue();
            return Task.CompletedTask;
        }
    }
}
