using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Worker.Client;

/// <summary>A <see cref="WorkerClient"/> in a container.</summary>
public static class WorkerClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds one client for all. A host makes it at its start, where wrong options throw
    /// <see cref="ArgumentException"/>, and drains it after every other service has stopped.
    /// </summary>
    /// <param name="configure">Sets the options; <see cref="WorkerClientOptions.RabbitMq"/> is required.</param>
    public static IServiceCollection AddWorkerClient(
        this IServiceCollection services, Action<WorkerClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddSingleton(provider =>
        {
            var options = new WorkerClientOptions();
            configure(options);
            return new WorkerClient(
                options, provider.GetService<ILogger<WorkerClient>>(), provider.GetService<IMeterFactory>());
        });
        return services.AddHostedService<ClientLifetime>();
    }
}
