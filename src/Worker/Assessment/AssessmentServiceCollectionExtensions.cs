namespace Worker.Assessment;

/// <summary>Registers what says how far Evaluators can be relied on.</summary>
internal static class AssessmentServiceCollectionExtensions
{
    public static IServiceCollection AddAssessment(this IServiceCollection services) => services
        .AddSingleton<AgreementReader>()
        .AddSingleton<AgreementReport>()
        .AddSingleton<Shadow>();
}
