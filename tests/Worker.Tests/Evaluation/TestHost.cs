using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Worker.Audit;
using Worker.Diagnostics;
using Worker.Evaluation;
using Evaluator = Worker.Evaluation.Evaluator;
using Worker.RabbitMq;
using Worker.Reading;
using Worker.Storage;

namespace Worker.Tests.Evaluation;

/// <summary>
/// A worker's evaluation as it is registered, on the in-memory bus, over a store that may be shared with others.
/// </summary>
internal sealed class TestHost : IAsyncDisposable, IConsumeObserver
{
    private readonly Channel<object> _consumed = Channel.CreateUnbounded<object>();
    private readonly Channel<string> _logged = Channel.CreateUnbounded<string>();
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _started = [];

    public TestHost(InMemoryStore store, params (string Key, string Value)[] settings)
        : this(store, TimeProvider.System, Shipped, settings)
    {
    }

    private TestHost(
        InMemoryStore store, TimeProvider time, Evaluator[] evaluators, (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Append(("Traces:Settle", "00:00:00")).Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)))
            .Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging
            .AddFilter((category, level) => level >= LogLevel.Information && category!.StartsWith("Worker.", StringComparison.Ordinal))
            .AddFakeLogging(options =>
            {
                options.OutputFormatter = record => $"{record.Id.Name}: {record.Message}";
                options.OutputSink = line => _logged.Writer.TryWrite(line);
            }));
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton(time);
        services.AddSingleton<IBacklogSign>(new Runners.Backlog());
        services.AddSingleton<IHostApplicationLifetime, Lifetime>();
        foreach (var port in new[] { typeof(ILogStore), typeof(ITraceStore), typeof(IRunStore), typeof(IEvaluatorLogStore), typeof(IAttemptStore), typeof(IFileStore), typeof(IPostedVerdictStore), typeof(IMonitoringStore), typeof(IBudgetStore), typeof(IAuditStore) })
            services.AddSingleton(port, store);
        if (configuration.GetConnectionString("RabbitMq") is { } broker)
            services.AddSingleton(RabbitMqEndpoint.Parse(broker));
        services.AddReading().AddAudit().AddEvaluation(configuration);
        services.AddSingleton(new EvaluatorCatalog(evaluators));
        _services = services.BuildServiceProvider();
    }

    private static Evaluator[] Shipped =>
        [Rules.Evaluator(path: "one"), Rules.Evaluator("count: { of: logs }", "two", "number")];

    public IServiceProvider Services => _services;

    public IBus Bus => _services.GetRequiredService<IBus>();

    public static Task<TestHost> StartAsync(InMemoryStore store, params (string Key, string Value)[] settings) =>
        StartAsync(store, TimeProvider.System, settings);

    public static Task<TestHost> StartAsync(
        InMemoryStore store, TimeProvider time, params (string Key, string Value)[] settings) =>
        StartAsync(store, time, Shipped, settings);

    /// <summary>With those Evaluators alone.</summary>
    public static Task<TestHost> StartWithAsync(InMemoryStore store, params Evaluator[] evaluators) =>
        StartAsync(store, TimeProvider.System, evaluators, []);

    public static async Task<TestHost> StartAsync(
        InMemoryStore store, TimeProvider time, Evaluator[] evaluators, (string Key, string Value)[] settings)
    {
        var host = new TestHost(store, time, evaluators, settings);
        host.Bus.ConnectConsumeObserver(host);
        foreach (var service in host._services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
            host._started.Add(service);
        }

        return host;
    }

    /// <summary>Waits for the next message of that type that has been consumed to the end; at most a minute.</summary>
    public async Task<T> ConsumedAsync<T>(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            if (await _consumed.Reader.ReadAsync(limit.Token) is T wanted)
                return wanted;
        }
    }

    /// <summary>Lines that nobody has asked for yet.</summary>
    public int LoggedSoFar => _logged.Reader.Count;

    /// <summary>Waits for the next line that the worker's own code logs.</summary>
    public ValueTask<string> LoggedAsync(CancellationToken cancellationToken) =>
        _logged.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(_started))
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class => _consumed.Writer.WriteAsync(context.Message).AsTask();

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => _consumed.Writer.WriteAsync(exception).AsTask();

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
