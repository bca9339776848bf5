using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Worker.Commands;
using Worker.Front;
using Worker.Hosting;

namespace Worker.Tests.Telemetry;

public sealed partial class ScrapeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("worker-metrics-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Prometheus_finds_the_metrics_under_the_names_that_are_promised()
    {
        using var host = WorkerHost.BuildService(["--Front:Address=http://127.0.0.1:0", $"--Storage:Path={_folder.FullName}"]);
        using var hold = await host.Services.HoldStoreAsync(Token);
        await host.StartAsync(Token);

        using var client = new HttpClient { BaseAddress = new(FrontAddress.Of(host.Services)) };
        using var response = await client.GetAsync(new Uri("/metrics", UriKind.Relative), Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        await host.StopAsync(Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var names = Name().Matches(text).Select(match => match.Value).Distinct().ToList();
        names.ShouldBeSubsetOf(Instruments.All().SelectMany(Instruments.InPrometheus));
        names.ShouldContain("worker_messages_settled_total");
        names.ShouldContain("worker_messages_held_age_seconds");
        names.ShouldContain("worker_runs_due");
        text.ShouldContain("outcome=\"stored\"");
    }

    [GeneratedRegex(@"^worker_[a-z_]+", RegexOptions.Multiline)]
    private static partial Regex Name();
}
