using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Errors;
using Worker.Front;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Front;

/// <summary>Who is let in, to what, and how often.</summary>
public sealed class KeyTests
{
    private const string Tool = "/v5/tools/log";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Once_there_is_a_key_nobody_comes_in_without_one()
    {
        await using var world = await FrontWorld.StartAsync();
        var key = await world.KeyAsync(KeyRoles.Ingest);
        string?[] wrong = [null, "", "none", key + "x", key[..^1], key.Replace("wk_", "wk-", StringComparison.Ordinal), KeySecret.Make().Text];

        foreach (var text in wrong)
        {
            var (status, answer) = await AskAsync(world, HttpMethod.Post, Tool, text);
            status.ShouldBe(HttpStatusCode.Unauthorized);
            answer.ShouldContain("worker keys create");
        }

        world.Intake.Taken.ShouldBeEmpty();
        (await AskAsync(world, HttpMethod.Post, Tool, key)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_may_come_as_a_bearer()
    {
        await using var world = await FrontWorld.StartAsync();
        var key = await world.KeyAsync(KeyRoles.Ingest);
        using var request = new HttpRequestMessage(HttpMethod.Post, Tool) { Content = new StringContent("{}") };
        request.Headers.Authorization = new("Bearer", key);

        (await world.SendAsync(request)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Ingest", true, false, true)]
    [InlineData("Read", false, true, false)]
    [InlineData("Review", false, false, false)]
    [InlineData("Admin", true, true, true)]
    [InlineData("Ingest, Read", true, true, true)]
    public async Task A_key_opens_what_it_is_for(string roles, bool logs, bool reads, bool deletes)
    {
        await using var world = await FrontWorld.StartAsync();
        var key = await world.KeyAsync(Enum.Parse<KeyRoles>(roles));

        (await AskAsync(world, HttpMethod.Post, Tool, key)).Status.ShouldBe(logs ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        (await AskAsync(world, HttpMethod.Patch, "/v5/flows/logs/f", key)).Status.ShouldBe(logs ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        (await AskAsync(world, HttpMethod.Get, "/v5/logs/none", key)).Status.ShouldBe(reads ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden);
        (await AskAsync(world, HttpMethod.Delete, "/v5/logs?id=x", key)).Status.ShouldBe(deletes ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_key_for_some_Files_neither_logs_to_others_nor_sees_that_they_are_there()
    {
        await using var world = await FrontWorld.StartAsync();
        var all = await world.KeyAsync(KeyRoles.Admin);
        var some = await world.KeyAsync(KeyRoles.Ingest | KeyRoles.Read, path: "support");
        (await AskAsync(world, HttpMethod.Post, Tool, all, """{"log_id":"theirs","path":"billing/x","output":"1"}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(world, HttpMethod.Post, Tool, some, """{"log_id":"ours","path":"support/x","output":"1"}""")).Status.ShouldBe(HttpStatusCode.OK);
        await world.DrainAsync();

        foreach (var body in new[] { """{"path":"billing/x"}""", """{"path":"supporters"}""", "{}", """{"log_id":"theirs","path":"support/x"}""" })
            (await AskAsync(world, HttpMethod.Post, Tool, some, body)).Status.ShouldBe(HttpStatusCode.Forbidden, body);
        (await AskAsync(world, HttpMethod.Patch, "/v5/tools/t/log/theirs", some, """{"output":"2"}""")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await AskAsync(world, HttpMethod.Get, "/v5/logs/theirs", some)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync(world, HttpMethod.Delete, "/v5/logs?id=theirs", some)).Status.ShouldBe(HttpStatusCode.NotFound);
        world.Intake.Taken.Count.ShouldBe(2);

        (await AskAsync(world, HttpMethod.Patch, "/v5/tools/t/log/ours", some, """{"output":"2"}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(world, HttpMethod.Get, "/v5/logs/ours", some)).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(world, HttpMethod.Delete, "/v5/logs?id=ours", some)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Nor_does_it_see_other_Files()
    {
        await using var world = await FrontWorld.StartAsync();
        var all = await world.KeyAsync(KeyRoles.Admin);
        var some = await world.KeyAsync(KeyRoles.Admin, path: "support");
        foreach (var path in new[] { "billing/x", "support", "support/a", "supporters" })
            (await AskAsync(world, HttpMethod.Post, "/v5/flows", all, $$"""{"path":"{{path}}"}""")).Status.ShouldBe(HttpStatusCode.OK);
        await world.DrainAsync();
        var (theirs, ours) = (DerivedIds.File(LogKind.Flow, "billing/x"), DerivedIds.File(LogKind.Flow, "support/a"));

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, $"/v5/flows/{theirs}"), (HttpMethod.Get, $"/v5/flows/{theirs}/versions"), (HttpMethod.Get, $"/v5/logs?file_id={theirs}"),
            (HttpMethod.Post, $"/v5/flows/{theirs}/environments/production?version_id=x"), (HttpMethod.Get, "/v5/logs?file_id=none"),
        })
            (await AskAsync(world, method, path, some)).Status.ShouldBe(HttpStatusCode.NotFound, path);
        (await AskAsync(world, HttpMethod.Post, "/v5/files/retrieve-by-path", some, """{"path":"billing/x"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync(world, HttpMethod.Post, "/v5/flows", some, """{"path":"billing/y"}""")).Status.ShouldBe(HttpStatusCode.Forbidden);

        (await AskAsync(world, HttpMethod.Get, $"/v5/flows/{ours}", some)).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(world, HttpMethod.Get, $"/v5/logs?file_id={ours}", some)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var (query, total) in new[] { ("", 2), ("?path=support", 2), ("?path=support/a", 1), ("?path=billing", 0), ("?path=supporters", 0) })
        {
            var (_, answer) = await AskAsync(world, HttpMethod.Get, "/v5/files" + query, some);
            ((int)JsonNode.Parse(answer)!["total"]!).ShouldBe(total, query);
        }
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_again_and_no_other_is()
    {
        await using var world = await FrontWorld.StartAsync();
        var slow = await world.KeyAsync(KeyRoles.Ingest, rate: 2);
        var fast = await world.KeyAsync(KeyRoles.Ingest);
        using var http = new HttpClient { BaseAddress = world.Client.BaseAddress };
        http.DefaultRequestHeaders.Add("X-API-KEY", slow);

        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 20; i++)
            answers.Add(await http.PostAsync(new Uri(Tool, UriKind.Relative), new StringContent("{}"), Token));

        answers.Select(answer => answer.StatusCode).Distinct().ShouldBe([HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
        answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldAllBe(answer => answer.Headers.RetryAfter!.Delta == TimeSpan.FromSeconds(1));
        for (var i = 0; i < 20; i++)
            (await AskAsync(world, HttpMethod.Post, Tool, fast)).Status.ShouldBe(HttpStatusCode.OK);
        answers.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task A_key_that_was_revoked_opens_nothing_after_ten_seconds()
    {
        var (store, time) = (new InMemoryStore(), new FakeTimeProvider(Some.Time));
        using var ring = new KeyRing(store, new Outage(NullLogger<Outage>.Instance), time);
        var (text, id, hash) = KeySecret.Make();
        await store.AddAsync(new ApiKey { Id = id, Name = "", Hash = hash, Roles = KeyRoles.Read, CreatedAt = Some.Time }, Token);
        (await ring.FindAsync(text)).ShouldNotBeNull();

        await store.RevokeAsync(id, Some.Time, Token);
        time.Advance(TimeSpan.FromSeconds(10));

        (await ring.FindAsync(text)).ShouldBeNull();
        (await ring.IsUsedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Where_other_machines_can_come_in_there_has_to_be_a_key_that_opens_something()
    {
        var store = new InMemoryStore();
        var access = new FrontAccess(store, Options.Create(new FrontOptions { Address = "http://0.0.0.0:8080" }));
        (await access.CheckAsync(Token).ShouldThrowAsync<ConfigurationException>()).Message.ShouldContain("worker keys create");

        await store.AddAsync(new ApiKey { Id = "a", Name = "", Hash = "", Roles = KeyRoles.Read, CreatedAt = Some.Time }, Token);
        (await access.CheckAsync(Token)).ShouldBe("for whoever has a key");

        await store.RevokeAsync("a", Some.Time, Token);
        await access.CheckAsync(Token).ShouldThrowAsync<ConfigurationException>();
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "a", true)]
    [InlineData("a", "a", true)]
    [InlineData("a", "a/b/c", true)]
    [InlineData("a", "ab", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", null, false)]
    public void A_key_covers_its_path_and_what_is_under_it(string? covered, string? path, bool isCovered) =>
        new ApiKey { Id = "", Name = "", Hash = "", Roles = KeyRoles.Read, Path = covered, CreatedAt = default }.Covers(path).ShouldBe(isCovered);

    private static async Task<(HttpStatusCode Status, string Answer)> AskAsync(
        FrontWorld world, HttpMethod method, string path, string? key, string body = "{}")
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
            request.Content = new StringContent(body);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("X-API-KEY", key);
        var (status, answer) = await world.SendAsync(request);
        return (status, answer?.ToJsonString() ?? "");
    }
}
