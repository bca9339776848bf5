using System.Text.Json;
using Microsoft.Extensions.Logging.Console;
using Worker.Errors;

namespace Worker.Hosting;

/// <summary>
/// Builds the program from its configuration. What is built is ready to start; commands that only look do not start it.
/// </summary>
internal static class WorkerHost
{
    /// <summary>Throws <see cref="ConfigurationException"/>.</summary>
    /// <param name="overrides">Settings of the command line.</param>
    /// <param name="defaults">What a command prefers to the file; see <see cref="WorkerConfiguration"/>.</param>
    public static IHost Build(IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string?>? defaults = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = "worker", ContentRootPath = AppContext.BaseDirectory,
        });
        try
        {
            builder.Configuration.AddWorkerSources(overrides, defaults);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or JsonException)
        {
            throw new ConfigurationException([$"The configuration cannot be read: {OneLine.Of((exception.InnerException ?? exception).Message)}; correct the file or the argument."]);
        }

        Settings.Check(builder.Configuration);
        AddLogging(builder);
        builder.Services.AddWorker(builder.Configuration);
        return builder.Build();
    }

    /// <summary>All of it on standard error: standard output is for data.</summary>
    private static void AddLogging(HostApplicationBuilder builder)
    {
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddConsole(console => console.FormatterName = LogLine.FormatterName)
            .AddConsoleFormatter<LogLine, ConsoleFormatterOptions>();

        // A service that fails ends the program with its own sentence; the host would say it again, twice, with stack
        // traces.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
