using Microsoft.Extensions.Options;

namespace Worker.Alerts;

/// <summary>Registers alerts. Stores, dead letters and what webhooks need are registered elsewhere.</summary>
internal static class AlertServiceCollectionExtensions
{
    public static IServiceCollection AddAlerts(this IServiceCollection services, IConfiguration configuration) =>
        services
            .Configure<AlertOptions>(configuration.GetSection(AlertOptions.SectionName))
            .AddSingleton(provider =>
            {
                var folder = new AlertFolder(provider.GetRequiredService<IOptions<AlertOptions>>().Value.Files);
                folder.Read();
                return folder;
            })
            .AddSingleton<AlertGauge>()
            .AddSingleton<AlertLook>()
            .AddSingleton<IAlertSender, WebhookSender>()
            .AddSingleton<AlertPost>()
            .AddSingleton<AlertPreview>()
            .AddHostedService<AlertService>();
}
