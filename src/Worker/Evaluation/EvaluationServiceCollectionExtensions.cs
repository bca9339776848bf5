using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Worker.Evaluation.Bus;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Hosts;
using Worker.Evaluation.JavaScript;
using Worker.Evaluation.Models;
using Worker.Evaluation.Python;
using Worker.Evaluation.Webhooks;
using Worker.Files;
using Worker.Models;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Registers all that judges finished Logs. The stores are registered, and the options checked, elsewhere.
/// </summary>
internal static class EvaluationServiceCollectionExtensions
{
    public static IServiceCollection AddEvaluation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddEvaluators(configuration);

        // The bus is registered first and stops last, so that it takes what the services publish while they stop.
        services.AddMessaging(configuration);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<AttemptQueue>());
        services.AddHostedService<EvaluatorFolderService>();
        services.AddHostedService<AttachmentService>();
        services.AddHostedService<BacklogWatch>();
        return services.AddHostedService<DueRunsService>();
    }

    /// <summary>The Evaluators, and what explains their verdicts; nothing that judges by itself.</summary>
    public static IServiceCollection AddEvaluators(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<EvaluationOptions>(configuration.GetSection(EvaluationOptions.SectionName));
        services.Configure<BudgetOptions>(configuration.GetSection(BudgetOptions.SectionName));
        services.Configure<TraceOptions>(configuration.GetSection(TraceOptions.SectionName));
        services.Configure<ConversationOptions>(configuration.GetSection(ConversationOptions.SectionName));
        services.AddSingleton(provider => new EvaluationPolicy(
            provider.GetRequiredService<IOptions<TraceOptions>>().Value.Timers,
            provider.GetRequiredService<IOptions<TraceOptions>>().Value.Late,
            provider.GetRequiredService<IOptions<EvaluationOptions>>().Value.Lease)
        {
            CallAgainWithin = provider.GetRequiredService<IOptions<EvaluationOptions>>().Value.CallAgainWithin,
            Idle = provider.GetRequiredService<IOptions<ConversationOptions>>().Value.Idle,
        });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StoreResilience>();
        services.TryAddSingleton<LocalDueTimes>();
        services.TryAddSingleton(_ => WorkerId.New());
        services.AddSingleton<IEvaluatorKind, RuleEvaluator>();
        services.AddSingleton<IEvaluatorKind>(new OutsideEvaluator("external", "a verdict from outside"));
        services.AddSingleton<IEvaluatorKind>(new OutsideEvaluator("human", "a person"));
        services.AddWebhooks(configuration);
        services.TryAddSingleton(new RemoteCode(configuration.GetValue<bool>(RemoteCode.Key)));
        services.AddCode<PythonLanguage, PythonOptions>(configuration, PythonOptions.SectionName);
        services.AddCode<JavaScriptLanguage, JavaScriptOptions>(configuration, JavaScriptOptions.SectionName);
        services.AddSingleton(_ => ModelSettings.Read(configuration));
        services.AddSingleton<ModelClients>();
        services.AddSingleton<Dialects>();
        services.AddSingleton<IEvaluatorKind, LlmEvaluator>();
        services.AddSingleton<EvaluatorReader>();
        services.AddSingleton(provider => new EvaluatorFolder(
            provider.GetRequiredService<EvaluatorReader>(),
            provider.GetRequiredService<IOptions<EvaluationOptions>>().Value.Evaluators));
        services.AddSingleton<EvaluatorCatalog>();
        services.AddSingleton<IAttachments>(provider => provider.GetRequiredService<EvaluatorCatalog>());
        services.AddSingleton<EvaluatorAudit>();
        services.AddSingleton<EvaluatorVersions>();
        services.AddSingleton<StoredAttachments>();
        services.AddSingleton<ExplanationReader>();
        services.AddSingleton<RunSteps>();
        services.AddSingleton<JudgedTraces>();
        services.AddSingleton<VerdictRuns>();
        services.AddSingleton<DeletedRuns>();
        services.AddSingleton<VerdictDepth>();
        services.AddSingleton<LabelStamp>();
        services.AddSingleton<HeldClaims>();
        services.AddSingleton<LargeTraces>();
        services.AddSingleton<ClaimWindow>();
        services.AddSingleton<TraceInput>();
        services.AddSingleton<EvaluatorTrial>();
        services.AddSingleton<Backfill>();
        services.AddSingleton<Spending>();
        services.AddSingleton<BudgetsLeft>();
        services.AddMetrics().AddSingleton<EvaluationMetrics>();
        services.AddSingleton<RunTelemetry>();
        services.AddSingleton<RecentInputs>();
        services.AddSingleton<CallGate>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<AttemptQueue>();
        return services;
    }

    private static void AddCode<TLanguage, TOptions>(
        this IServiceCollection services, IConfiguration configuration, string section)
        where TLanguage : class, ICodeLanguage
        where TOptions : CodeOptions => services
        .Configure<TOptions>(configuration.GetSection(section))
        .AddSingleton<TLanguage>()
        .AddSingleton<IEvaluatorKind>(provider => new CodeEvaluator(
            ActivatorUtilities.CreateInstance<CodePool>(provider, provider.GetRequiredService<TLanguage>()),
            provider.GetRequiredService<IOptions<EvaluationOptions>>()));

    private static void AddWebhooks(this IServiceCollection services, IConfiguration configuration) => services
        .Configure<WebhookOptions>(configuration.GetSection(WebhookOptions.SectionName))
        .AddSingleton<IHostResolver, HostResolver>()
        .AddSingleton<WebhookClient>()
        .AddSingleton<WebhookSecrets>()
        .AddSingleton<IEvaluatorKind, WebhookEvaluator>();
}
