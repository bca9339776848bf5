using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Ingestion;
using Worker.Publishing;
using Worker.Reading;
using Worker.Storage;

namespace Worker.Hosting;

/// <summary>The whole worker, room by room.</summary>
internal static class WorkerServices
{
    public static IServiceCollection AddWorker(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddWorkerOptions(configuration)
            .AddReading()
            .AddPublishing();
    }

    private static IServiceCollection AddWorkerOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<WorkerOptions>(configuration);
        services.Configure<ConnectionStringOptions>(configuration.GetSection(ConnectionStringOptions.SectionName));
        services.Configure<StorageOptions>(configuration.GetSection(StorageOptions.SectionName));
        services.Configure<IngestionOptions>(configuration.GetSection(IngestionOptions.SectionName));
        services.Configure<PrivacyOptions>(configuration.GetSection(PrivacyOptions.SectionName));
        services.Configure<TraceOptions>(configuration.GetSection(TraceOptions.SectionName));
        services.Configure<EvaluationOptions>(configuration.GetSection(EvaluationOptions.SectionName));
        services.AddOptions<HostOptions>().Configure<IOptions<WorkerOptions>>((host, worker) => host.ShutdownTimeout = worker.Value.ShutdownTimeout);
        return services;
    }

    private static IServiceCollection AddReading(this IServiceCollection services) => services
        .AddSingleton<TraceReader>()
        .AddSingleton<StoreCheck>();

    private static IServiceCollection AddPublishing(this IServiceCollection services) => services
        .AddSingleton<IMessageDestination, InboxDestination>()
        .AddSingleton<MessagePublisher>();
}
