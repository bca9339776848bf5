using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Console;
using Worker.Assessment;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Front;
using Worker.Viewer;
using Worker.Viewer.Mcp;
using Worker.Telemetry.Export;

namespace Worker.Hosting;

/// <summary>
/// Builds the program from its configuration. What is built is ready to start; commands that only look do not start it.
/// </summary>
internal static class WorkerHost
{
    private const string Name = "worker";

    /// <summary>Throws <see cref="ConfigurationException"/>.</summary>
    /// <param name="overrides">Settings of the command line.</param>
    /// <param name="defaults">What a command prefers to the file; see <see cref="WorkerConfiguration"/>.</param>
    public static IHost Build(IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string?>? defaults = null)
    {
        var builder = EmptyBuilder(overrides, defaults);
        builder.Services.AddWorker(builder.Configuration);
        return builder.Build();
    }

    /// <summary>The worker with its front, where that is enabled. Throws as <see cref="Build"/>.</summary>
    public static IHost BuildService(
        IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string?>? defaults = null)
    {
        var builder = WebBuilder(overrides, defaults);
        if (!Front(builder).Enabled)
            return BuildWithoutFront(overrides);
        builder.Services.AddWorker(builder.Configuration);
        return WithFront(builder);
    }

    private static IHost BuildWithoutFront(IReadOnlyList<string> overrides)
    {
        var builder = EmptyBuilder(overrides, defaults: null);
        builder.AddTelemetry(isScraped: false, Secrets.From(builder.Configuration).Hide);
        builder.Services.AddWorker(builder.Configuration);
        return builder.Build();
    }

    /// <summary>The front alone: nothing is drained, and nothing judged. Throws as <see cref="Build"/>.</summary>
    public static IHost BuildFront(IReadOnlyList<string> overrides)
    {
        var builder = WebBuilder(overrides);
        builder.Services
            .AddWithoutDrain(builder.Configuration)
            .AddPresence("serve")
            .AddForwarding(builder.Configuration)
            .AddEvaluators(builder.Configuration)
            .AddAssessment()
            .AddHostedService<StorePreparation>();
        return WithFront(builder);
    }

    private static HostApplicationBuilder EmptyBuilder(
        IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string?>? defaults)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = Name, ContentRootPath = AppContext.BaseDirectory,
        });
        Configure(builder, overrides, defaults);
        return builder;
    }

    private static WebApplicationBuilder WebBuilder(
        IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string?>? defaults = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = Name, ContentRootPath = AppContext.BaseDirectory,
        });
        Configure(builder, overrides, defaults);
        return builder;
    }

    /// <summary>The front is the last to start and the first to stop.</summary>
    private static WebApplication WithFront(WebApplicationBuilder builder)
    {
        var options = Front(builder);
        builder.AddFront();
        builder.Services.AddViewer();
        if (options.Mcp)
            builder.Services.AddMcp();
        builder.AddTelemetry(options.Metrics, Secrets.From(builder.Configuration).Hide);
        var app = builder.Build();
        app.MapFront();
        if (options.Viewer)
            app.MapViewer();
        if (options.Mcp)
            app.MapMcp();
        if (options.Metrics)
            app.MapMetrics();
        return app;
    }

    private static FrontOptions Front(IHostApplicationBuilder builder) =>
        builder.Configuration.GetSection(FrontOptions.SectionName).Get<FrontOptions>() ?? new FrontOptions();

    private static void Configure(
        IHostApplicationBuilder builder,
        IReadOnlyList<string> overrides,
        IReadOnlyDictionary<string, string?>? defaults)
    {
        try
        {
            builder.Configuration.AddWorkerSources(overrides, defaults);
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or JsonException)
        {
            var cause = exception.InnerException ?? exception;
            throw new ConfigurationException(
                [$"The configuration cannot be read: {OneLine.Of(cause.Message)}; correct the file or the argument."]);
        }

        Settings.Check(builder.Configuration);
        AddLogging(builder);
    }

    /// <summary>All of it on standard error: standard output is for data.</summary>
    private static void AddLogging(IHostApplicationBuilder builder)
    {
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddConsole(console => console.FormatterName = LogLine.FormatterName)
            .AddConsoleFormatter<LogLine, ConsoleFormatterOptions>();

        // A service that fails ends the program with its own sentence; the host would say it again, twice, with stack
        // traces.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // An activity and a scope for each request, which nobody reads.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
