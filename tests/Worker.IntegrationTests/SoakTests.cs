using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>
/// The soak of the benchmarks for a minute: mixed load, kills, outages, late children, deletes and retention, and
/// everything accounted for. <c>bench -- soak --minutes 30</c> is the long run. The seed is in what it prints;
/// WORKER_TEST_SEED repeats messages and schedule.
/// </summary>
[Collection(Lanes.Crashes)]
public sealed class SoakTests
{
    private const string Minutes = "1";

    /// <summary>Messages a second: other tests run beside this.</summary>
    private const string Rate = "100";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    // Once, on one of the brokers: which one makes no difference here.
    [Fact(
        Skip = TestServers.RabbitMqMissing,
        SkipType = typeof(TestServers),
        SkipUnless = nameof(TestServers.HasRabbitMq))]
    public Task A_minute_of_load_and_faults_is_accounted_for_and_memory_is_flat() => SoakAsync("sqlite", []);

    [Fact(Skip = TestServers.MongoDbMissing, SkipType = typeof(TestServers), SkipUnless = nameof(TestServers.HasBoth))]
    public Task A_minute_of_load_and_faults_is_accounted_for_and_memory_is_flat_on_MongoDB() =>
        SoakAsync("mongo", new() { ["WORKER_TEST_MONGODB"] = TestServers.MongoDb! });

    private static async Task SoakAsync(string store, Dictionary<string, string> environment)
    {
        await using var host = await VirtualHost.CreateAsync();
        environment["WORKER_TEST_RABBITMQ"] = host.Uri.ToString();
        string[] seed = Environment.GetEnvironmentVariable("WORKER_TEST_SEED") is { Length: > 0 } given
            ? ["--seed", given]
            : [];

        var soak = await Programs.RunAsync(
            Programs.Dotnet,
            [Benchmarks(), "soak", "--store", store, "--minutes", Minutes, "--rate", Rate, .. seed],
            environment,
            Limit);

        TestContext.Current.TestOutputHelper?.WriteLine(soak.Output + soak.Error);
        soak.ExitCode.ShouldBe(0, soak.Output + soak.Error);
        soak.Output.ShouldContain("all as it has to be");
    }

    private static string Benchmarks()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(
            Programs.Repository, "bench", "Worker.Benchmarks", "bin", output.Parent!.Name, output.Name,
            "Worker.Benchmarks.dll");
    }
}
