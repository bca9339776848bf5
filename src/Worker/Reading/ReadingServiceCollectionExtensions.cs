namespace Worker.Reading;

internal static class ReadingServiceCollectionExtensions
{
    /// <summary>All that shows people what is stored. The stores and the Evaluators are registered elsewhere.</summary>
    public static IServiceCollection AddReading(this IServiceCollection services) => services
        .AddSingleton<TraceReader>()
        .AddSingleton<LogLister>()
        .AddSingleton<TraceRows>()
        .AddSingleton<VerdictSearch>()
        .AddSingleton<TraceLister>()
        .AddSingleton<VerdictReport>()
        .AddSingleton<JudgedReport>()
        .AddSingleton<FileReader>()
        .AddSingleton<RunCheck>()
        .AddSingleton<VerdictRunCheck>()
        .AddSingleton<FlowCheck>()
        .AddSingleton<LeftoverCheck>()
        .AddSingleton<LetterCheck>()
        .AddSingleton<RemovalCheck>()
        .AddSingleton<DiscardCount>()
        .AddSingleton<StoreCheck>();
}
