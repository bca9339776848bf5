namespace Worker.Retention;

/// <summary>Registers what removes. Stores, the way in and Evaluators are registered elsewhere.</summary>
internal static class RetentionServiceCollectionExtensions
{
    public static IServiceCollection AddRetention(this IServiceCollection services, IConfiguration configuration) =>
        services
            .Configure<RetentionOptions>(configuration.GetSection(RetentionOptions.SectionName))
            .AddSingleton(_ => RetentionRules.Read(configuration))
            .AddSingleton<LogRemoval>()
            .AddSingleton<TraceRemoval>()
            .AddSingleton<TraceSweep>()
            .AddSingleton<Sweep>()
            .AddSingleton<ErasedLogs>()
            .AddSingleton<Erasure>()
            .AddHostedService<RetentionService>();
}
