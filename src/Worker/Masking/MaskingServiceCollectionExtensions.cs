namespace Worker.Masking;

/// <summary>Registers what masks, as it is configured.</summary>
internal static class MaskingServiceCollectionExtensions
{
    public static IServiceCollection AddMasking(
        this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(_ => new Masker(MaskingSettings.Read(configuration).Rules))
        .AddSingleton<MaskingMetrics>();
}
