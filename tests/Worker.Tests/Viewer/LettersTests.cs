using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Worker.Storage;
using Worker.Tests.Front;

namespace Worker.Tests.Viewer;

/// <summary>Dead letters on the page, and who may do what with them.</summary>
public sealed class LettersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_listed_newest_first_by_reason_and_without_bodies()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.AddAsync(
            [Some.DeadLetter("a", "1"), Some.DeadLetter("b", "2", "poison"), Some.DeadLetter("c", "3")], Token);

        var all = await JsonAsync(world, "letters?limit=2");
        Ids(all).ShouldBe(["c", "b"]);
        all["matching"]!.GetValue<int>().ShouldBe(3);
        all["reasons"]!.ToJsonString().ShouldBe(
            """[{"reason":"missing_field","count":2},{"reason":"poison","count":1}]""");
        all["letters"]![0]!["body"].ShouldBeNull();
        all["may_change"]!.GetValue<bool>().ShouldBeTrue("without keys whoever is on this machine may");

        var some = await JsonAsync(world, "letters?reason=missing_field");
        Ids(some).ShouldBe(["c", "a"]);
        some["matching"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task One_is_shown_with_its_body_unpacked_and_a_withheld_one_without()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.AddAsync(
            [
                Some.DeadLetter("plain", """{"a":"<b>"}"""),
                Some.DeadLetter("packed") with { Body = Packed("""{"p":1}"""), ContentEncoding = "gzip" },
                Some.DeadLetter("binary") with { Body = new byte[] { 0, 255 } },
                Some.DeadLetter("long", new string('é', 200_000)),
                Some.DeadLetter("withheld") with { Body = null, Withheld = true },
            ],
            Token);

        (await JsonAsync(world, "letter?id=plain"))["body"]!.GetValue<string>().ShouldBe("""{"a":"<b>"}""");
        (await JsonAsync(world, "letter?id=packed"))["body"]!.GetValue<string>().ShouldBe("""{"p":1}""");
        var binary = await JsonAsync(world, "letter?id=binary");
        binary["body"]!.GetValue<string>().ShouldBe("00ff");
        binary["is_text"]!.GetValue<bool>().ShouldBeFalse();
        var cut = await JsonAsync(world, "letter?id=long");
        cut["is_cut"]!.GetValue<bool>().ShouldBeTrue();
        cut["body"]!.GetValue<string>().Length.ShouldBe(128 * 1024);
        (await JsonAsync(world, "letter?id=withheld"))["body"].ShouldBeNull();
        using var missing = await world.Browser.GetAsync("/ui/api/letter?id=nothing", Token);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Exactly_those_that_were_chosen_are_put_back_or_thrown_away()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.AddAsync(
            [
                Some.DeadLetter("a", "1"), Some.DeadLetter("b", "2"), Some.DeadLetter("c", "3"),
                Some.DeadLetter("w") with { Body = null, Withheld = true },
            ],
            Token);

        var (status, put) = await ActAsync(world, "redrive", """{"ids":["a","w","gone"],"canary":false}""");
        status.ShouldBe(HttpStatusCode.OK);
        put!.ToJsonString().ShouldBe("""{"redriven":1,"withheld":1,"stopped":null}""");
        world.Store.InboxMessages.ShouldHaveSingleItem();
        world.Store.StoredLetters.Select(letter => letter.DeadLetterId).ShouldBe(["b", "c", "w"]);

        var (_, thrown) = await ActAsync(world, "discard", """{"ids":["c","gone"]}""");
        thrown!["discarded"]!.GetValue<int>().ShouldBe(1);
        world.Store.StoredLetters.Select(letter => letter.DeadLetterId).ShouldBe(["b", "w"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"ids":[]}""")]
    [InlineData("""{"ids":"all"}""")]
    [InlineData("""{"ids":null}""")]
    public async Task Nothing_is_done_where_nobody_said_to_which(string body)
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.AddAsync([Some.DeadLetter("a")], Token);

        (await ActAsync(world, "discard", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
        world.Store.StoredLetters.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("redrive")]
    [InlineData("discard")]
    public async Task Another_web_page_can_do_nothing_with_them(string what)
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.AddAsync([Some.DeadLetter("a")], Token);

        (await ActAsync(world, what, """{"ids":["a"]}""", own: false)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await ActAsync(world, what, """{"ids":["a"]}""", origin: "https://elsewhere.example")).Status
            .ShouldBe(HttpStatusCode.Forbidden);
        world.Store.StoredLetters.ShouldHaveSingleItem();
        world.Store.InboxMessages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_there_are_keys_it_takes_an_administrators_and_the_page_itself()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.AddAsync([Some.DeadLetter("a"), Some.DeadLetter("b", "2")], Token);
        var keys = new[]
        {
            await world.KeyAsync(KeyRoles.Read),
            await world.KeyAsync(KeyRoles.Admin),
            await world.KeyAsync(KeyRoles.Admin, path: "support"),
        };
        var reader = await SessionAsync(world, keys[0]);
        var admin = await SessionAsync(world, keys[1]);
        var confined = await SessionAsync(world, keys[2]);
        const string One = """{"ids":["a"]}""";

        (await JsonAsync(world, "letters", reader))["may_change"]!.GetValue<bool>().ShouldBeFalse();
        (await JsonAsync(world, "letters", admin))["may_change"]!.GetValue<bool>().ShouldBeTrue();
        (await ActAsync(world, "discard", One)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await ActAsync(world, "discard", One, cookie: reader)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await ActAsync(world, "discard", One, cookie: confined)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await ActAsync(world, "discard", One, cookie: admin, own: false)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await ActAsync(world, "discard", One, cookie: admin, site: "cross-site")).Status
            .ShouldBe(HttpStatusCode.Unauthorized);
        world.Store.StoredLetters.Count.ShouldBe(2);

        (await ActAsync(world, "discard", One, cookie: admin)).Status.ShouldBe(HttpStatusCode.OK);
        world.Store.StoredLetters.ShouldHaveSingleItem().DeadLetterId.ShouldBe("b");

        var entry = world.Store.StoredAudit.ShouldHaveSingleItem("what was refused was not done");
        (entry.Act, entry.Outcome, entry.Actor).ShouldBe((AuditAct.LettersDiscarded, AuditOutcome.Done, "somebody"));
        entry.KeyId.ShouldNotBeNull();
        entry.Origin.ShouldStartWith("viewer ");
        entry.Subjects.ShouldBe(["a", "log-of-a"]);
    }

    [Fact]
    public async Task One_that_was_put_back_says_every_time_that_it_was_refused()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.AddAsync(
            [
                Some.DeadLetter("a") with { Attempts = [new(1, Some.At(1), "poison", "why"), new(2, Some.At(2), "missing_field", null)] },
                Some.DeadLetter("b", "2"),
            ],
            Token);

        var letters = (await JsonAsync(world, "letters"))["letters"]!.AsArray();

        letters.Select(letter => letter!["tries"]!.GetValue<int>()).ShouldBe([1, 2]);
        letters[1]!["attempts"]!.ToJsonString().ShouldBe(
            $$"""[{"number":1,"at":{{Some.Micros(1)}},"reason":"poison","detail":"why"},{"number":2,"at":{{Some.Micros(2)}},"reason":"missing_field","detail":null}]""");
    }

    private static async Task<(HttpStatusCode Status, JsonNode? Json)> ActAsync(
        FrontWorld world,
        string what,
        string body,
        string? cookie = null,
        bool own = true,
        string? origin = null,
        string site = "same-origin")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ui/api/letters/{what}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Sec-Fetch-Site", site);
        if (own)
            request.Headers.Add("Worker-Page", "1");
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await world.Browser.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    private static async Task<string> SessionAsync(FrontWorld world, string key)
    {
        using var content = new StringContent(new JsonObject { ["key"] = key }.ToJsonString());
        using var response = await world.Browser.PostAsync("/ui/api/session", content, Token);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<JsonNode> JsonAsync(FrontWorld world, string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/ui/api/{path}");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await world.Browser.SendAsync(request, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!;
    }

    private static IEnumerable<string> Ids(JsonNode list) =>
        list["letters"]!.AsArray().Select(letter => letter!["dead_letter_id"]!.GetValue<string>());

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
