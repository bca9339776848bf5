using System.Net;
using System.Text.RegularExpressions;
using Worker.Storage;

namespace Worker.Tests.Front.Description;

public sealed partial class DocsPageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_refers_to_nothing_outside()
    {
        await using var world = await FrontWorld.StartAsync();
        var page = new Uri(world.Client.BaseAddress!, "/docs/");
        using var http = new HttpClient();

        var html = await http.GetStringAsync(page, Token);

        html.ShouldNotContain("//");
        foreach (var setting in new[] { "\"telemetry\":false", "\"withDefaultFonts\":false", "\"agent\":{\"disabled\":true}", "\"showDeveloperTools\":\"never\"" })
            html.ShouldContain(setting);
        var parts = Reference().Matches(html).Select(match => match.Groups["to"].Value).ToList();
        parts.ShouldContain("scalar.js");
        parts.ShouldContain("openapi.json");
        foreach (var part in parts.Where(part => part != "openapi.json"))
            (await http.GetByteArrayAsync(new Uri(page, part), Token)).ShouldNotBeEmpty(part);
    }

    /// <summary>Whatever the page's program would like.</summary>
    [Fact]
    public async Task The_browser_is_told_to_ask_nobody_but_the_front()
    {
        await using var world = await FrontWorld.StartAsync();

        using var http = new HttpClient { BaseAddress = world.Client.BaseAddress };
        using var response = await http.GetAsync(new Uri("/docs/scalar.js", UriKind.Relative), Token);
        using var page = await http.GetAsync(new Uri("/docs/", UriKind.Relative), Token);

        foreach (var answer in new[] { response, page })
        {
            var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
            policy.ShouldStartWith("default-src 'none';");
            policy.Split(';', ' ').Where(word => word.Length > 0 && !word.StartsWith('\'') && !word.EndsWith("-src", StringComparison.Ordinal))
                .ShouldBe(["data:", "blob:", "data:", "blob:", "base-uri", "form-action", "frame-ancestors"]);
        }
    }

    [Fact]
    public async Task Page_and_description_are_read_without_a_key_where_everything_else_wants_one()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.KeyAsync(KeyRoles.Admin);

        foreach (var path in new[] { "/openapi.json", "/docs/", "/docs/scalar.js" })
            (await StatusAsync(world, path)).ShouldBe(HttpStatusCode.OK, path);
        (await StatusAsync(world, "/v5/files")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_keys_they_are_this_machines_alone()
    {
        await using var world = await FrontWorld.StartAsync();

        foreach (var path in new[] { "/openapi.json", "/docs/" })
            (await StatusAsync(world, path, host: "evil.example")).ShouldBe(HttpStatusCode.Forbidden, path);
    }

    private static async Task<HttpStatusCode> StatusAsync(FrontWorld world, string path, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var http = new HttpClient { BaseAddress = world.Client.BaseAddress };
        using var response = await http.SendAsync(request, Token);
        return response.StatusCode;
    }

    [GeneratedRegex("""(?:src=|href=|"url":|"favicon":|from )["'](?<to>[^"']+)["']""")]
    private static partial Regex Reference();
}
