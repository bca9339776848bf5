using System.Net.Security;
using System.Security.Authentication;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Worker.Diagnostics;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.Evaluation.Bus;

/// <summary>
/// The bus: in memory in embedded mode, where the store is the queue and the bus only wakes; RabbitMQ in server mode.
/// </summary>
internal static class BusServiceCollectionExtensions
{
    private const string SagaQueue = "worker.evaluation";
    private const string EvaluatorQueue = "worker.evaluators";

    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = false;
            options.ConsumerStopTimeout = TimeSpan.FromSeconds(10);
            options.StopTimeout = TimeSpan.FromSeconds(20);
        });
        services.AddSingleton<BusPublisher>();
        services.AddSingleton<HeardMessages>();
        services.AddSingleton<FailedWakeUps>();
        services.AddSingleton<BusPulse>();
        services.AddSingleton<IStallSign>(provider => provider.GetRequiredService<BusPulse>());
        services.AddSingleton<IReadySign>(provider => provider.GetRequiredService<BusPulse>());
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<RunEvaluatorsConsumer>();
            bus.AddConsumer<BusProbeConsumer>();
            bus.AddSagaStateMachine<EvaluationStateMachine, EvaluationSaga>().Repository(
                repository => repository.RegisterSagaRepository<
                    EvaluationSaga,
                    IRunStore,
                    SagaConsumeContextFactory<IRunStore, EvaluationSaga>,
                    EvaluationSagaRepository>());
            if (string.Equals(configuration["Mode"], "server", StringComparison.OrdinalIgnoreCase))
                bus.UsingRabbitMq(UseBroker);
            else
                bus.UsingInMemory(AddEndpoints);
        });
    }

    /// <summary>
    /// Connects as every other connection to the broker does. Each setting is given explicitly, because MassTransit,
    /// when it reads an address itself, uses TLS on port 5671 alone, and accepts an untrusted certificate there.
    /// </summary>
    private static void UseBroker(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator broker)
    {
        var endpoint = context.GetRequiredService<RabbitMqEndpoint>();
        broker.Host(endpoint.Host, endpoint.Port, endpoint.VirtualHost, "worker bus", host =>
        {
            host.Username(endpoint.User);
            host.Password(endpoint.Password);
            host.Heartbeat(RabbitMqEndpoint.Heartbeat);
            host.RequestedConnectionTimeout(RabbitMqEndpoint.ConnectWithin);
            host.ContinuationTimeout(RabbitMqEndpoint.AnswerWithin);
            if (endpoint.UsesTls)
                host.UseSsl(UseTls);
            host.OnRefreshConnectionFactory = factory =>
            {
                factory.Ssl.Enabled = endpoint.UsesTls;
                return Task.CompletedTask;
            };
        });
        AddEndpoints(context, broker);

        void UseTls(IRabbitMqSslConfigurator tls)
        {
            tls.ServerName = endpoint.Host;
            tls.Protocol = SslProtocols.None;
            tls.EnforcePolicyErrors(
                SslPolicyErrors.RemoteCertificateNotAvailable
                | SslPolicyErrors.RemoteCertificateNameMismatch
                | SslPolicyErrors.RemoteCertificateChainErrors);
        }
    }

    private static void AddEndpoints<T>(IBusRegistrationContext context, IBusFactoryConfigurator<T> bus)
        where T : IReceiveEndpointConfigurator
    {
        var heard = context.GetRequiredService<HeardMessages>();
        bus.ReceiveEndpoint(SagaQueue, endpoint =>
        {
            Common(endpoint);
            endpoint.UseInlineFilter(HearAsync);
            endpoint.UseMessageRetry(retry =>
            {
                retry.Handle<ConcurrencyException>();
                retry.Intervals(5, 10, 20, 50, 100, 200, 400, 800);
            });
            endpoint.UseInMemoryOutbox(context);
            endpoint.ConfigureSaga<EvaluationSaga>(context);
            endpoint.ConfigureConsumer<BusProbeConsumer>(context);
        });
        bus.ReceiveEndpoint(EvaluatorQueue, endpoint =>
        {
            Common(endpoint);
            endpoint.ConfigureConsumer<RunEvaluatorsConsumer>(context);
        });

        async Task HearAsync(ConsumeContext message, IPipe<ConsumeContext> next)
        {
            try
            {
                await next.Send(message);
            }
            finally
            {
                heard.Add();
            }
        }
    }

    /// <summary>
    /// A message that fails is dropped: it is only a wake-up, and the scan finds the run again when its claim has
    /// lapsed.
    /// </summary>
    private static void Common(IReceiveEndpointConfigurator endpoint)
    {
        // The more traces are open at once, the more of them share a command of the store.
        endpoint.PrefetchCount = 128;
        endpoint.ConcurrentMessageLimit = 64;
        endpoint.PublishFaults = false;
        endpoint.DiscardFaultedMessages();
        endpoint.DiscardSkippedMessages();
    }
}
