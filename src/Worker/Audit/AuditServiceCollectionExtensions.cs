namespace Worker.Audit;

/// <summary>Registers what is written down of who did what. Stores and dead letters are registered elsewhere.</summary>
internal static class AuditServiceCollectionExtensions
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<AuditTrail>()
        .AddSingleton<LetterAudit>();
}
