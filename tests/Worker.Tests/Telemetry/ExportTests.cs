using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Worker.Telemetry.Export;

namespace Worker.Tests.Telemetry;

public sealed partial class ExportTests
{
    [Fact]
    public void Without_an_endpoint_nothing_is_registered()
    {
        var services = Services();

        services.GetService<MeterProvider>().ShouldBeNull();
        services.GetService<TracerProvider>().ShouldBeNull();
        services.GetService<LoggerProvider>().ShouldBeNull();
    }

    [Fact]
    public void With_one_all_three_are()
    {
        var services = Services(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));

        services.GetService<MeterProvider>().ShouldNotBeNull();
        services.GetService<TracerProvider>().ShouldNotBeNull();
        services.GetService<LoggerProvider>().ShouldNotBeNull();
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces", true)]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://127.0.0.1:9/v1/logs", false)]
    public void One_signal_may_be_exported_alone(string key, string value, bool traces)
    {
        var signals = new OtlpSignals(Configured((key, value)));

        signals.Has(OtlpSignals.Traces).ShouldBe(traces);
        signals.Has(OtlpSignals.Logs).ShouldBe(!traces);
        signals.Has(OtlpSignals.Metrics).ShouldBeFalse();
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    public void What_is_switched_off_is_not_exported(string key, string value) =>
        new OtlpSignals(Configured(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), (key, value)))
            .Has(OtlpSignals.Traces).ShouldBeFalse();

    [Fact]
    public void No_secret_and_no_stack_trace_is_in_an_exported_event()
    {
        using var seen = new Seen();
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.AddProcessor(new HiddenSecrets(text => text.Replace("hunter2", "***", StringComparison.Ordinal)))
                .AddProcessor(seen);
        })))
        {
            Lost(
                factory.CreateLogger("any"), new InvalidOperationException("amqp://worker:hunter2@host"), 7, "password hunter2");
        }

        var text = seen.Text.ShouldNotBeNull();
        text.ShouldNotContain("hunter2");
        text.ShouldContain("Lost 7: password ***");
        text.ShouldContain("exception.message=amqp://worker:***@host");
        text.ShouldContain("=7");
    }

    [LoggerMessage(LogLevel.Warning, "Lost {Host}: {Reason}")]
    private static partial void Lost(ILogger logger, Exception exception, int host, string reason);

    private static IConfiguration Configured(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddConfiguration(Configured(settings));
        builder.AddTelemetry(isScraped: false, text => text);
        return builder.Services.BuildServiceProvider();
    }

    private sealed class Seen : BaseProcessor<LogRecord>
    {
        public string? Text { get; private set; }

        public override void OnEnd(LogRecord data)
        {
            data.Exception.ShouldBeNull();
            Text = string.Join(' ', [data.FormattedMessage, data.Body, .. data.Attributes!.Select(each => $"{each.Key}={each.Value}")]);
        }
    }
}
