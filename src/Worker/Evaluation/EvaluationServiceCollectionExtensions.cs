using Microsoft.Extensions.DependencyInjection.Extensions;
using Worker.Evaluation.Bus;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Python;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Registers all that judges finished Logs. The stores are registered, and the options checked, elsewhere.
/// </summary>
internal static class EvaluationServiceCollectionExtensions
{
    public static IServiceCollection AddEvaluation(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<EvaluationOptions>(configuration.GetSection(EvaluationOptions.SectionName));
        services.Configure<PythonOptions>(configuration.GetSection(PythonOptions.SectionName));
        services.Configure<TraceOptions>(configuration.GetSection(TraceOptions.SectionName));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StoreResilience>();
        services.TryAddSingleton<LocalDueTimes>();
        services.TryAddSingleton(_ => WorkerId.New());
        services.AddSingleton<IEvaluatorKind, RuleEvaluator>();
        services.AddSingleton<PythonPool>();
        services.AddSingleton<IEvaluatorKind, PythonEvaluator>();
        services.AddSingleton<EvaluatorReader>();
        services.AddSingleton<EvaluatorCatalog>();
        services.AddSingleton<IAttachments>(provider => provider.GetRequiredService<EvaluatorCatalog>());
        services.AddSingleton<EvaluatorVersions>();
        services.AddSingleton<StoredAttachments>();
        services.AddSingleton<RunSteps>();
        services.AddSingleton<LabelStamp>();
        services.AddSingleton<HeldClaims>();
        services.AddSingleton<LargeTraces>();
        services.AddSingleton<ClaimWindow>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<AttemptQueue>();

        // The bus is registered first and stops last, so that it takes what the services publish while they stop.
        services.AddMessaging(configuration);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<AttemptQueue>());
        services.AddHostedService<AttachmentService>();
        return services.AddHostedService<DueRunsService>();
    }
}
