using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker.Front;
using Worker.Hosting;
using Worker.Storage;

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

    [Fact]
    public async Task Where_there_are_keys_it_takes_one_that_may_look_at_everything()
    {
        using var host = WorkerHost.BuildFront(["--Front:Address=http://127.0.0.1:0", $"--Storage:Path={_folder.FullName}"]);
        await host.Services.GetRequiredService<IStore>().PrepareAsync(Token);
        var reader = await KeyAsync(host, KeyRoles.Read);
        var logger = await KeyAsync(host, KeyRoles.Ingest);
        var confined = await KeyAsync(host, KeyRoles.Read, "support");
        await host.StartAsync(Token);

        using var client = new HttpClient { BaseAddress = new(FrontAddress.Of(host.Services)) };
        var answers = new List<HttpStatusCode>();
        foreach (var key in new[] { null, reader, logger, confined })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            if (key is not null)
                request.Headers.Authorization = new("Bearer", key);
            using var response = await client.SendAsync(request, Token);
            answers.Add(response.StatusCode);
        }

        await host.StopAsync(Token);
        answers.ShouldBe(
            [HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden]);
    }

    private static async Task<string> KeyAsync(IHost host, KeyRoles roles, string? path = null)
    {
        var (text, id, hash) = KeySecret.Make();
        await host.Services.GetRequiredService<IKeyStore>().AddAsync(
            new ApiKey { Id = id, Name = "somebody", Hash = hash, Roles = roles, Path = path, CreatedAt = Some.Time },
            Token);
        return text;
    }

    [GeneratedRegex(@"^worker_[a-z_]+", RegexOptions.Multiline)]
    private static partial Regex Name();
}
