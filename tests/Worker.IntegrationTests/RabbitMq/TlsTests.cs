using System.Security.Cryptography.X509Certificates;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Worker.Hosting;
using Worker.IntegrationTests.Support;
using Worker.Runs;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

/// <summary>A broker behind TLS, on a port of its own choice.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly VirtualHost _host = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    [ServerFact]
    public async Task Ingestion_and_bus_speak_TLS_on_any_port_with_a_server_whose_certificate_is_trusted()
    {
        using var certificate = TestCertificate.Create("localhost");
        await using var relay = TlsRelay.To(_host.Uri, certificate);
        await using var broker = await _host.ConnectAsync();
        await using var storage = TestStorage.MongoDb();
        await using var worker = WorkerProcess.Run(storage, relay.Address(_host.Uri), Trusting(certificate));
        await worker.UntilReadyAsync(broker);

        await broker.PublishAsync(TestMessage.Of("flow.logged", """{"log_id": "over-tls", "output": "", "trace_status": "complete"}"""));

        await using var store = await StoreReader.OpenAsync(storage);
        await worker.UntilAsync("the trace is judged, of which the bus had to hear", async () =>
            await store.Runs.ReadAsync("over-tls", Cancellation) is { State: RunState.Judged });
        relay.Passed.ShouldBeGreaterThanOrEqualTo(2);
        relay.Refused.ShouldBe(0);
        (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, worker.Heard);
    }

    [RabbitMqTheory]
    [InlineData("localhost", false)]
    [InlineData("elsewhere", true)]
    public async Task A_certificate_that_is_not_trusted_or_for_another_host_is_refused_with_a_sentence(
        string certificateFor, bool isTrusted)
    {
        using var certificate = TestCertificate.Create(certificateFor);
        await using var relay = TlsRelay.To(_host.Uri, certificate);
        var address = relay.Address(new UriBuilder(_host.Uri) { UserName = "ann", Password = "top-s3cret" }.Uri);

        foreach (var command in new[] { "run", "dead-letters list" })
        {
            var result = await WorkerProcess.CommandAsync(_folder.Path, address, isTrusted ? Trusting(certificate) : [], command.Split(' '));

            result.ExitCode.ShouldBe(2, result.Error);
            var sentence = result.Error.Split('\n').Single(
                line => line.StartsWith($"RabbitMQ at amqps://localhost:{relay.Port}/", StringComparison.Ordinal));
            sentence.ShouldContain("shows a certificate that is not trusted for that host (");
            result.Error.ShouldNotContain("top-s3cret");
        }

        relay.Passed.ShouldBe(0);
    }

    [RabbitMqFact]
    public async Task The_bus_by_itself_tells_a_server_that_it_does_not_trust_nothing()
    {
        using var certificate = TestCertificate.Create("localhost");
        await using var relay = TlsRelay.To(_host.Uri, certificate);
        using var host = WorkerHost.Build([
            "--Mode=server", $"--ConnectionStrings:RabbitMq={relay.Address(_host.Uri)}", "--ConnectionStrings:MongoDb=mongodb://nowhere.invalid/", "--Logging:LogLevel:Default=None"]);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Task starting = host.Services.GetRequiredService<IBusControl>().StartAsync(end.Token);
        await Eventually.IsTrueAsync("the bus has given up a connection", () => Task.FromResult(relay.Refused > 0));
        await end.CancelAsync();
        await starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        relay.Passed.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>As an operator has a machine trust an authority of the house.</summary>
    private Dictionary<string, string> Trusting(X509Certificate2 certificate)
    {
        var file = Path.Combine(_folder.Path, "authority.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return new() { ["SSL_CERT_FILE"] = file };
    }
}
