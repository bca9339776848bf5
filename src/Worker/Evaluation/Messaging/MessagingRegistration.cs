using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Worker.Storage;

namespace Worker.Evaluation.Messaging;

/// <summary>The bus: in memory in embedded mode, where the store is the queue and the bus only wakes; RabbitMQ in server mode.</summary>
internal static class MessagingRegistration
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
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<RunEvaluatorsConsumer>();
            bus.AddSagaStateMachine<EvaluationStateMachine, EvaluationSaga>().Repository(repository =>
                repository.RegisterSagaRepository<EvaluationSaga, IRunStore, SagaConsumeContextFactory<IRunStore, EvaluationSaga>, EvaluationSagaRepository>());
            if (string.Equals(configuration["Mode"], "server", StringComparison.OrdinalIgnoreCase))
                bus.UsingRabbitMq((context, broker) => UseBroker(context, broker, configuration));
            else
                bus.UsingInMemory(AddEndpoints);
        });
    }

    private static void UseBroker(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator broker, IConfiguration configuration)
    {
        var address = configuration.GetConnectionString("RabbitMq")
            ?? throw new InvalidOperationException("Mode is server, so ConnectionStrings:RabbitMq is needed, e.g. amqp://guest:guest@localhost:5672/.");
        broker.Host(new Uri(address));
        AddEndpoints(context, broker);
    }

    private static void AddEndpoints<T>(IBusRegistrationContext context, IBusFactoryConfigurator<T> bus)
        where T : IReceiveEndpointConfigurator
    {
        bus.ReceiveEndpoint(SagaQueue, endpoint =>
        {
            Common(endpoint);
            endpoint.UseMessageRetry(retry =>
            {
                retry.Handle<ConcurrencyException>();
                retry.Intervals(5, 10, 20, 50, 100, 200, 400, 800);
            });
            endpoint.UseInMemoryOutbox(context);
            endpoint.ConfigureSaga<EvaluationSaga>(context);
        });
        bus.ReceiveEndpoint(EvaluatorQueue, endpoint =>
        {
            Common(endpoint);
            endpoint.ConfigureConsumer<RunEvaluatorsConsumer>(context);
        });
    }

    /// <summary>A message that fails is let go: it is only a wake-up, and the scan finds the run again when its claim has lapsed.</summary>
    private static void Common(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.PrefetchCount = 64;
        endpoint.ConcurrentMessageLimit = 32;
        endpoint.PublishFaults = false;
        endpoint.DiscardFaultedMessages();
        endpoint.DiscardSkippedMessages();
    }
}
