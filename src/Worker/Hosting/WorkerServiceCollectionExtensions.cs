using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Worker.Alerts;
using Worker.Assessment;
using Worker.Audit;
using Worker.DeadLetters;
using Worker.DeadLetters.Local;
using Worker.DeadLetters.RabbitMq;
using Worker.Diagnostics;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Ingestion;
using Worker.Ingestion.Inbox;
using Worker.Ingestion.RabbitMq;
using Worker.Masking;
using Worker.Publishing;
using Worker.RabbitMq;
using Worker.Reading;
using Worker.Retention;
using Worker.Storage;
using Worker.Storage.MongoDb;
using Worker.Transfer;

namespace Worker.Hosting;

/// <summary>
/// The whole worker, room by room. What is registered last stops first: intake stops before anything that it feeds.
/// </summary>
internal static class WorkerServiceCollectionExtensions
{
    /// <summary>
    /// Expects a configuration that <see cref="Settings.Check"/> has passed. Throws
    /// <see cref="ConfigurationException"/> and <see cref="StoreUnusableException"/>.
    /// </summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddWithoutDrain(configuration)
            .AddPresence("run")
            .AddForwarding(configuration)
            .AddWatchdog(configuration)
            .AddEvaluation(configuration)
            .AddAssessment()
            .AddAlerts(configuration)
            .AddRetention(configuration)
            .AddHostedService<TextIndexService>()
            .AddIngestion()
            .AddTransfer();
        return string.IsNullOrEmpty(configuration.GetConnectionString("RabbitMq"))
            ? services.AddInboxSource()
            : services.AddRabbitMqSource();
    }

    /// <summary>
    /// What takes messages and shows what is stored; no hosted service among it. Expects and throws as
    /// <see cref="AddWorker"/>.
    /// </summary>
    public static IServiceCollection AddWithoutDrain(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddWorkerOptions(configuration).AddStore(configuration).AddReading().AddHealth();
        services.AddMasking(configuration).AddAudit();
        var broker = configuration.GetConnectionString("RabbitMq");
        return string.IsNullOrEmpty(broker)
            ? services
                .AddSingleton<InboxSignal>()
                .AddSingleton<InboxIntake>()
                .AddIntake(provider => provider.GetRequiredService<InboxIntake>())
                .AddSingleton<IDeadLetters, LocalDeadLetters>()
            : services
                .AddSingleton(RabbitMqEndpoint.Parse(broker))
                .AddSpillingIntake()
                .AddSingleton<IDeadLetters, RabbitMqDeadLetters>();
    }

    /// <summary>Registered before what works, so that it is seen for as long as any of that does.</summary>
    /// <param name="role">The command that the process runs.</param>
    public static IServiceCollection AddPresence(this IServiceCollection services, string role) => services
        .AddSingleton(provider => new ThisWorker(role, provider.GetRequiredService<TimeProvider>().GetUtcNow()))
        .AddHostedService<Presence>();

    /// <summary>Sends what waits in the local inbox to the broker. Without a broker, registers nothing.</summary>
    public static IServiceCollection AddForwarding(this IServiceCollection services, IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration.GetConnectionString("RabbitMq"))
            ? services
            : services.AddHostedService(provider => ActivatorUtilities.CreateInstance<SpillForwarder>(
                provider, provider.GetRequiredService<RabbitMqIntake>()));

    private static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<StoreServer>()
        .AddSingleton<IReadySign>(provider => provider.GetRequiredService<StoreServer>())
        .AddSingleton<Readiness>()
        .AddSingleton<Stalls>();

    /// <summary>Registered before the rooms that it watches, so that none of them keeps it from starting.</summary>
    private static IServiceCollection AddWatchdog(
        this IServiceCollection services, IConfiguration configuration) => services
            .Configure<WatchdogOptions>(configuration.GetSection(WatchdogOptions.SectionName))
            .AddSingleton<IServer>(provider => provider.GetRequiredService<StoreServer>())
            .AddSingleton<IBacklogSign, IngestBacklog>()
            .AddSingleton<IStallSign, HeldMessagesSign>()
            .AddSingleton<IStallSign, HeldLettersSign>()
            .AddSingleton<IStallSign, OverdueRunsSign>()
            .AddSingleton<ProcessEnd>(provider => exitCode =>
            {
                // The console writes what is logged a little later; without this the sentence would be lost.
                (provider.GetRequiredService<ILoggerFactory>() as IDisposable)?.Dispose();
                Environment.Exit(exitCode);
            })
            .AddHostedService<Watchdog>();

    private static IServiceCollection AddSpillingIntake(this IServiceCollection services) => services
        .AddSingleton<InboxSignal>()
        .AddSingleton<InboxIntake>()
        .AddSingleton<RabbitMqIntake>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<Spill>(provider).Observed(
            provider.GetRequiredService<IMeterFactory>()))
        .AddIntake(provider => new SpillingIntake(
            provider.GetRequiredService<RabbitMqIntake>(),
            provider.GetRequiredService<InboxIntake>(),
            provider.GetRequiredService<Spill>(),
            provider.GetRequiredService<ILogger<SpillingIntake>>()));

    /// <summary>What the front hands its messages to.</summary>
    private static IServiceCollection AddIntake(
        this IServiceCollection services, Func<IServiceProvider, IMessageIntake> intake) =>
        services.AddSingleton<IMessageIntake>(
            provider => ActivatorUtilities.CreateInstance<MaskingIntake>(provider, intake(provider)));

    /// <summary>What commands publish to.</summary>
    private static IServiceCollection AddDestination<T>(this IServiceCollection services)
        where T : class, IMessageDestination => services
        .AddSingleton<T>()
        .AddSingleton<IMessageDestination>(provider => ActivatorUtilities.CreateInstance<MaskingDestination>(
            provider, (IMessageDestination)provider.GetRequiredService<T>()));

    private static IServiceCollection AddWorkerOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<WorkerOptions>(configuration);
        services.Configure<ConnectionStringOptions>(configuration.GetSection(ConnectionStringOptions.SectionName));
        services.Configure<StorageOptions>(configuration.GetSection(StorageOptions.SectionName));
        services.Configure<IngestionOptions>(configuration.GetSection(IngestionOptions.SectionName));
        services.Configure<SpillOptions>(configuration.GetSection(SpillOptions.SectionName));
        services.Configure<PrivacyOptions>(configuration.GetSection(PrivacyOptions.SectionName));
        services.AddOptions<HostOptions>().Configure<IOptions<WorkerOptions>>(
            (host, worker) => host.ShutdownTimeout = worker.Value.ShutdownTimeout);
        return services;
    }

    private static IServiceCollection AddStore(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<StoreResilience>().AddSingleton<StoreMetrics>();
        var server = configuration.GetConnectionString("MongoDb");
        if (string.IsNullOrEmpty(server))
            return services.AddSqliteStore();

        // The store of the Logs is registered last, because whoever asks for one store gets the last.
        _ = string.IsNullOrEmpty(configuration.GetConnectionString("RabbitMq"))
            ? services.AddLocalFile()
            : services.AddLocalInbox();
        return services.AddMongoStore(MongoAddress.Parse(server));
    }

    private static IServiceCollection AddIngestion(this IServiceCollection services) => services
        .AddSingleton<IngestionMetrics>()
        .AddSingleton<FileResolver>()
        .AddSingleton<FoldWriter>()
        .AddSingleton<OwnVerdicts>()
        .AddSingleton<PostedVerdicts>()
        .AddSingleton<LogWriter>()
        .AddSingleton<FileWriter>()
        .AddSingleton<TraceWaker>()
        .AddSingleton<Conversations>()
        .AddSingleton<ChunkProcessor>()
        .AddSingleton<ChunkHandler>(provider => provider.GetRequiredService<ChunkProcessor>().ProcessAsync)
        .AddSingleton<DeadLetterWriter>()
        .AddSingleton<AttemptCounter>()
        .AddSingleton<StoreEvidence>()
        .AddSingleton<PoisonGuard>()
        .AddSingleton<ChunkDrain>()
        .AddSingleton<SourceState>()
        .AddSingleton<IReadySign>(provider => provider.GetRequiredService<SourceState>())
        .AddSingleton<MessagePublisher>();

    private static IServiceCollection AddInboxSource(this IServiceCollection services) => services
        .AddSingleton<InboxChunkSource>()
        .AddDestination<InboxDestination>()
        .AddSingleton(new MessageSource("the inbox"))
        .AddHostedService<InboxService>();

    private static IServiceCollection AddRabbitMqSource(this IServiceCollection services) => services
        .AddSingleton(provider => new IngestEndpoint(
            provider.GetRequiredService<RabbitMqEndpoint>(),
            provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Mode == WorkerMode.Embedded))
        .AddSingleton<IServer, BrokerServer>()
        .AddDestination<RabbitMqDestination>()
        .AddSingleton(provider => new MessageSource(
            $"{RabbitMqTopology.IngestQueue} on {provider.GetRequiredService<RabbitMqEndpoint>().Description}"))
        .AddHostedService<RabbitMqConsumerService>();
}
