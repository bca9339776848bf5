using System.Net;
using System.Text.Json.Nodes;

namespace Worker.Tests.Front;

/// <summary>The Logs of a File, by every question that may be asked.</summary>
public sealed class ListingLogsTests
{
    private const string File = "tl_7";

    [Fact]
    public async Task A_list_begins_with_the_newest_and_says_how_many_there_are()
    {
        await using var world = await WithTenAsync();

        var (status, page) = await world.GetAsync($"/v5/logs?file_id={File}&page=2&size=3");

        status.ShouldBe(HttpStatusCode.OK);
        Ids(page).ShouldBe(["t6", "t5", "t4"]);
        ((int)page!["page"]!).ShouldBe(2);
        ((int)page["size"]!).ShouldBe(3);
        ((int)page["total"]!).ShouldBe(10);
        (await world.GetAsync($"/v5/logs?file_id={File}")).Json!["records"]!.AsArray().Count.ShouldBe(10);
        Ids((await world.GetAsync($"/v5/logs?file_id={File}&page=5&size=3")).Json).ShouldBeEmpty();
        ((int)(await world.GetAsync($"/v5/logs?file_id={File}&size=0")).Json!["total"]!).ShouldBe(10);
        ((int)(await world.GetAsync("/v5/logs?file_id=nothing")).Json!["total"]!).ShouldBe(0);
    }

    [Fact]
    public async Task A_record_is_the_log_as_it_is_read_alone()
    {
        await using var world = await WithTenAsync();

        var record = (await world.GetAsync($"/v5/logs?file_id={File}&size=1")).Json!["records"]![0]!;

        record.ToJsonString().ShouldBe((await world.GetAsync("/v5/logs/t9")).Json!.ToJsonString());
    }

    [Theory]
    [InlineData("start_date=2026-01-01T00:00:07Z", "t9 t8 t7")]
    [InlineData("end_date=2026-01-01T00:00:02", "t1 t0")]
    [InlineData("start_date=2026-01-01T01:00:03+01:00&end_date=2026-01-01T00:00:05.000Z", "t4 t3")]
    [InlineData("start_date=2026-01-01T01:00:03%2B01:00&end_date=1767225605", "t4 t3")]
    [InlineData("start_date=1767225608000", "t9 t8")]
    [InlineData("start_date=2026-01-01&end_date=2026-01-02&id=t3&id=8", "t8 t3")]
    [InlineData("search=ORDER 3", "t3")]
    [InlineData("search=number", "t9 t8 t7 t6 t5 t4 t3 t2 t1 t0")]
    [InlineData("search=\u00e9t\u00e9 \"5\"", "t5")]
    [InlineData("metadata_search=even", "t8 t6 t4 t2 t0")]
    [InlineData("metadata_search=even&search=order&size=2&page=2", "t4 t2")]
    [InlineData("in_trace_filter=true", "t9 t6 t3 t0")]
    [InlineData("in_trace_filter=false&end_date=2026-01-01T00:00:05Z", "t4 t2 t1")]
    [InlineData("in_trace_filter=true&in_trace_filter=false&size=2", "t9 t8")]
    [InlineData("version_id=nothing", "")]
    [InlineData("include_parent=true&size=1", "t9")]
    public async Task A_list_is_narrowed(string query, string ids)
    {
        await using var world = await WithTenAsync();

        var (status, page) = await world.GetAsync($"/v5/logs?file_id={File}&{query}");

        status.ShouldBe(HttpStatusCode.OK, page?.ToJsonString());
        string.Join(' ', Ids(page)).ShouldBe(ids);
    }

    [Fact]
    public async Task A_list_is_narrowed_to_a_version()
    {
        await using var world = await WithTenAsync();
        var version = (string)(await world.PostAsync("/v5/tools/log", """{"log_id":"v","id":"tl_7","path":"p","output":"x","tool":{"attributes":{"a":1}}}""")).Json!["version_id"]!;
        await world.DrainAsync();

        Ids((await world.GetAsync($"/v5/logs?file_id={File}&version_id={version}")).Json).ShouldBe(["v"]);
    }

    [Fact]
    public async Task A_sample_is_the_same_for_every_page()
    {
        await using var world = await WithTenAsync();

        var all = Ids((await world.GetAsync($"/v5/logs?file_id={File}&sample=4")).Json);

        all.Count.ShouldBe(4);
        all.ShouldBe(all.OrderDescending());
        Ids((await world.GetAsync($"/v5/logs?file_id={File}&sample=4&size=2&page=2")).Json).ShouldBe(all.Skip(2));
        ((int)(await world.GetAsync($"/v5/logs?file_id={File}&sample=4&search=order")).Json!["total"]!).ShouldBe(4);
        Ids((await world.GetAsync($"/v5/logs?file_id={File}&sample=99")).Json).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Children_are_shown_where_they_are_asked_for_and_always_counted()
    {
        await using var world = await FrontWorld.StartAsync();
        var flow = (string)(await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"p","start_time":"2026-01-01T00:00:01Z"}""")).Json!["flow_id"]!;
        await world.PostAsync("/v5/prompts/log", """{"log_id":"c","path":"c","trace_parent_id":"f","end_time":"2026-01-01T00:00:05Z","prompt_tokens":7}""");
        await world.DrainAsync();

        var plain = (await world.GetAsync($"/v5/logs?file_id={flow}")).Json!["records"]![0]!;
        var whole = (await world.GetAsync($"/v5/logs?file_id={flow}&include_trace_children=true")).Json!["records"]![0]!;

        plain["trace_children"]!.AsArray().ShouldBeEmpty();
        whole["trace_children"]!.AsArray().Select(child => (string)child!["id"]!).ShouldBe(["c"]);
        foreach (var record in new[] { plain, whole })
        {
            ((string)record["end_time"]!).ShouldBe("2026-01-01T00:00:05Z");
            ((int)record["prompt_tokens"]!).ShouldBe(7);
        }
    }

    [Theory]
    [InlineData("", "file_id", "value_error.missing")]
    [InlineData("file_id=", "file_id", "value_error.missing")]
    [InlineData("file_id=x&page=0", "page", "value_error.number.not_ge")]
    [InlineData("file_id=x&page=one", "page", "type_error.integer")]
    [InlineData("file_id=x&size=101", "size", "value_error.number.not_le")]
    [InlineData("file_id=x&start_date=soon", "start_date", "value_error.datetime")]
    [InlineData("file_id=x&include_trace_children=perhaps", "include_trace_children", "type_error.bool")]
    [InlineData("file_id=x&in_trace_filter=perhaps", "in_trace_filter", "type_error.bool")]
    public async Task What_cannot_be_asked_is_said(string query, string name, string type)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.GetAsync("/v5/logs?" + query);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var fault = answer!["detail"]!.AsArray().ShouldHaveSingleItem()!;
        fault["loc"]!.AsArray().Select(place => (string)place!).ShouldBe(["query", name]);
        ((string)fault["type"]!).ShouldBe(type);
        ((string)fault["msg"]!).ShouldStartWith(name);
    }

    /// <summary>Ten Logs, one a second; every third in a trace.</summary>
    private static async Task<FrontWorld> WithTenAsync()
    {
        var world = await FrontWorld.StartAsync();
        for (var number = 0; number < 10; number++)
        {
            var parent = number % 3 == 0 ? ",\"trace_parent_id\":\"f\"" : "";
            var (status, _) = await world.PostAsync(
                "/v5/tools/log",
                $$$"""
                {"log_id":"t{{{number}}}","id":"tl_7","path":"p","created_at":"2026-01-01T00:00:0{{{number}}}Z","output":"Order {{{number}}}",
                "inputs":{"number":{{{number}}},"q":"\u00e9t\u00e9 \"{{{number}}}\""},"metadata":{"is":"{{{(number % 2 == 0 ? "even" : "odd")}}}"}{{{parent}}}}
                """);
            status.ShouldBe(HttpStatusCode.OK);
        }

        await world.DrainAsync();
        return world;
    }

    private static List<string> Ids(JsonNode? page) => [.. page!["records"]!.AsArray().Select(record => (string)record!["id"]!)];
}
