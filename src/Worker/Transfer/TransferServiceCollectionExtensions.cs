namespace Worker.Transfer;

internal static class TransferServiceCollectionExtensions
{
    /// <summary>What reads and writes exports. Stores, and where messages are sent, are registered elsewhere.</summary>
    public static IServiceCollection AddTransfer(this IServiceCollection services) => services
        .AddSingleton<Importer>()
        .AddSingleton<Exporter>();
}
