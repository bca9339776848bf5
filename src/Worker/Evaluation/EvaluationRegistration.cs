using Microsoft.Extensions.DependencyInjection.Extensions;
using Worker.Evaluation.Messaging;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>Registers all that judges finished Logs. The stores are registered, and the options checked, elsewhere.</summary>
internal static class EvaluationRegistration
{
    public static IServiceCollection AddEvaluation(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<EvaluationOptions>(configuration.GetSection(EvaluationOptions.SectionName));
        services.Configure<TraceOptions>(configuration.GetSection(TraceOptions.SectionName));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StoreResilience>();
        services.TryAddSingleton<LocalTimers>();
        services.TryAddSingleton(_ => WorkerId.New());
        services.AddSingleton<EvaluatorCatalog>();
        services.AddSingleton<IAttachments>(provider => provider.GetRequiredService<EvaluatorCatalog>());
        services.AddSingleton<EvaluatorVersions>();
        services.AddSingleton<Explanations>();
        services.AddSingleton<EvaluationSteps>();
        services.AddSingleton<LabelStamp>();
        services.AddSingleton<HeldClaims>();
        services.AddSingleton<LargeTraces>();
        services.AddSingleton<OpenClaims>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<EvaluationRunner>();

        // The bus first: it stops last, and what the services still publish while they stop is taken.
        services.AddMessaging(configuration);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<EvaluationRunner>());
        return services.AddHostedService<DueService>();
    }
}
