using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Worker.Files;
using Worker.Front.Calls;
using Worker.Front.Description;
using Worker.Front.Otlp;
using Worker.Ingestion;
using Worker.Models;

namespace Worker.Front;

/// <summary>
/// Puts the front into a web host. The stores, what reads them, and where messages are taken are registered elsewhere.
/// </summary>
internal static class FrontHosting
{
    /// <summary>
    /// What a connection holds of a request that nobody reads yet: bodies are read by whoever has room for them.
    /// </summary>
    private const int UnreadBytes = 64 * 1024;

    private const int Connections = 2_000;

    public static void AddFront(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<FrontOptions>(builder.Configuration.GetSection(FrontOptions.SectionName));
        builder.Services.TryAddSingleton(new RemoteCode(builder.Configuration.GetValue<bool>(RemoteCode.Key)));
        builder.Services.AddRoutingCore();
        builder.Services
            .AddSingleton<Room>()
            .AddSingleton<Outage>()
            .AddSingleton<RecentWrites>()
            .AddSingleton<ReadWait>()
            .AddSingleton<KeyRing>()
            .AddSingleton<FrontAccess>()
            .AddSingleton<RequestReader>()
            .AddSingleton<StoredLogs>()
            .AddSingleton<Reception>()
            .AddSingleton<FileRequests>()
            .AddSingleton<RecentFiles>()
            .AddSingleton<StoredFiles>()
            .AddSingleton<SpanReception>()
            .AddCalls(builder.Configuration)
            .AddSingleton<ApiDocument>()
            .AddSingleton<UpdateAnswer>();
        builder.Services
            .AddOptions<KestrelServerOptions>()
            .Configure<IOptions<FrontOptions>, IOptions<IngestionOptions>>((kestrel, front, ingestion) =>
            {
                Listen(kestrel, front.Value);
                kestrel.Limits.MaxRequestBodySize = ingestion.Value.MaxMessageBytes;
                kestrel.Limits.MaxRequestBufferSize = UnreadBytes;
                kestrel.Limits.MaxConcurrentConnections = Connections;
            });
        builder.WebHost.UseKestrelCore();
    }

    /// <summary>Also while the worker waits for its store (see <see cref="WaitingFront"/>).</summary>
    public static void Listen(KestrelServerOptions kestrel, FrontOptions options)
    {
        kestrel.AddServerHeader = false;
        FrontAddress.Parse(options.Address).Listen(kestrel);
        if (options.HealthAddress is { Length: > 0 } health)
            HealthDoor.Listen(kestrel, health);
    }

    private static IServiceCollection AddCalls(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(_ => ModelSettings.Read(configuration));
        return services
            .AddSingleton<ChatCompletions>()
            .AddSingleton<CallLanes>()
            .AddSingleton<PromptFinder>()
            .AddSingleton<CallDesk>();
    }

    public static void MapFront(this WebApplication app)
    {
        app.UseMiddleware<FaultAnswers>();
        app.UseHealthDoor();
        app.UseMiddleware<KeyGuard>();
        app.MapLogs();
        app.MapCalls();
        app.MapLists();
        app.MapFiles();
        app.MapAllFiles();
        app.MapMonitoring();
        app.MapDirectories();
        app.MapEmptyLists();
        app.MapOtlp();
        app.MapDescription();
        app.MapHealth();
        app.MapNotOffered();
    }
}
