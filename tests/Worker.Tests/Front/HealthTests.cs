using System.Net;
using Worker.Diagnostics;
using Worker.Errors;
using Worker.Storage;
using Worker.Tests.Commands;

namespace Worker.Tests.Front;

/// <summary>What the front tells of the worker, and <c>worker health</c> asks.</summary>
public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("live")]
    [InlineData("ready")]
    [InlineData("stall")]
    public async Task A_worker_that_is_well_says_so_to_whoever_asks(string what)
    {
        await using var world = await FrontWorld.StartAsync();
        await world.KeyAsync(KeyRoles.Ingest);

        (await AskAsync(world, what)).ShouldBe((HttpStatusCode.OK, """{"status":"ok"}"""));
        var (exitCode, output, error) = await CommandAsync(world, what);
        (exitCode, output.Trim(), error).ShouldBe((0, "ok", ""));
    }

    [Fact]
    public async Task A_worker_without_its_store_is_alive_and_not_ready()
    {
        await using var world = await FrontWorld.StartAsync();
        world.Store.Failure = new StoreUnavailableException("MongoDB at inner:27017 does not answer.");

        (await AskAsync(world, "live")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(world, "ready")).ShouldBe((
            HttpStatusCode.ServiceUnavailable, """{"status":"fault","reasons":["The store takes no writes."]}"""));
        var (exitCode, output, _) = await CommandAsync(world, "ready");
        (exitCode, output.Trim()).ShouldBe((1, "The store takes no writes."));
    }

    [Fact]
    public async Task Each_stall_is_told_in_a_sentence()
    {
        await using var world = await FrontWorld.StartAsync();
        world.Stalls.Current = [new Stall("One thing stands still"), new Stall("Another does", IsOfProcess: true)];

        (await AskAsync(world, "stall")).ShouldBe((
            HttpStatusCode.ServiceUnavailable,
            """{"status":"fault","reasons":["One thing stands still.","Another does."]}"""));
        (await AskAsync(world, "ready")).Status.ShouldBe(HttpStatusCode.OK);
        var (exitCode, output, _) = await CommandAsync(world, "stall", "--json");
        (exitCode, output.Trim()).ShouldBe(
            (1, """{"status":"fault","reasons":["One thing stands still.","Another does."]}"""));
    }

    [Fact]
    public async Task At_an_address_of_its_own_health_is_told_without_a_key_and_nothing_else_is()
    {
        await using var world = await FrontWorld.StartAsync(("Front:HealthAddress", "http://127.0.0.1:0"));
        await world.KeyAsync(KeyRoles.Ingest);
        using var client = new HttpClient { BaseAddress = world.HealthAddress };

        (await client.GetStringAsync("/health/live", Token)).ShouldBe("""{"status":"ok"}""");
        foreach (var path in new[] { "/v5/logs/t", "/", "/openapi.json", "/metrics/x" })
        {
            using var response = await client.GetAsync(path, Token);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            (await response.Content.ReadAsStringAsync(Token)).ShouldContain("at the front's own address");
        }

        using var log = await client.PostAsync("/v5/tools/log", new StringContent("{}"), Token);
        log.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        world.Intake.Taken.ShouldBeEmpty();
        (await AskAsync(world, "live")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_front_of_a_worker_is_told_apart()
    {
        await using var world = await FrontWorld.StartAsync();

        var (exitCode, _, error) = await CommandLine.RunWithoutStorageAsync(
            "health", "--address", new Uri(world.Client.BaseAddress!, "/v5").ToString());

        exitCode.ShouldBe(3);
        error.ShouldContain("/v5/health/ready is no front of a worker");
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(FrontWorld world, string what)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(world.Client.BaseAddress!, $"/health/{what}"), Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private static Task<(int ExitCode, string Output, string Error)> CommandAsync(
        FrontWorld world, string what, params string[] options) => CommandLine.RunWithoutStorageAsync(
            ["health", what, "--address", world.Client.BaseAddress!.ToString(), .. options]);
}
