using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static Worker.Tests.Evaluation.Models.FakeModelServer;

namespace Worker.Tests.Front.Calls;

public sealed class CallStreamTests
{
    private const string Call = """{"path":"p","prompt":{"model":"m","template":"x"},"stream":true,"log_id":"mine"}""";
    private const string Usage = """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":1}}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_answered_piece_by_piece_and_the_last_event_says_what_came_of_it()
    {
        await using var world = await CallWorld.StartAsync(
            Streams(null, Piece(""), Piece("Grüß "), Piece("[DONE]"), Piece(" 👋", "stop"), Usage, "[DONE]"));

        var (events, isWhole) = await world.StreamAsync(Call);

        isWhole.ShouldBeTrue();
        world.Asked.Body.GetProperty("stream").GetBoolean().ShouldBeTrue();
        world.Asked.Body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean().ShouldBeTrue();
        string.Concat(events.Select(each => (string)each["output"]!)).ShouldBe("Grüß [DONE] 👋");
        foreach (var each in events)
        {
            ((string)each["id"]!).ShouldBe("mine");
            ((string)each["prompt_id"]!).ShouldStartWith("pr_");
            ((string)each["version_id"]!).ShouldStartWith("prv_");
            ((int)each["index"]!).ShouldBe(0);
        }

        var last = events[^1];
        ((string)last["finish_reason"]!).ShouldBe("stop");
        ((int)last["reasoning_tokens"]!).ShouldBe(1);
        ((double)last["output_cost"]!).ShouldBe(0.00004);
        ((string)last["output_message"]!["content"]!).ShouldBe("Grüß [DONE] 👋");
        last["error"].ShouldBeNull();
        var log = world.Front.OnlyBody();
        ((string)log["output"]!).ShouldBe("Grüß [DONE] 👋");
        ((int)log["prompt_tokens"]!).ShouldBe(10);
        log["error"].ShouldBeNull();
    }

    /// <summary>Some clients decode each piece of what comes by itself, and end at that word wherever it stands.</summary>
    [Fact]
    public async Task What_is_sent_is_ASCII_and_has_the_end_at_its_end_alone()
    {
        await using var world = await CallWorld.StartAsync(Streams(null, Piece("ü[DONE]", "stop"), "[DONE]"));
        using var content = new StringContent(Call);

        using var response = await world.Front.Client.PostAsync("/v5/prompts/call", content, Token);
        var bytes = await response.Content.ReadAsByteArrayAsync(Token);

        bytes.ShouldAllBe(each => each < 128);
        Encoding.ASCII.GetString(bytes).Split("[DONE]").Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_pieces_are_there_before_the_end()
    {
        var heard = new TaskCompletionSource();
        await using var world = await CallWorld.StartAsync(
            Streams(i => i == 1 ? heard.Task : Task.CompletedTask, Piece("first"), Piece("second", "stop"), "[DONE]"));
        using var reader = await OpenAsync(world);

        (await reader.ReadLineAsync(Token))!.ShouldContain("first");
        world.Front.Intake.Taken.ShouldBeEmpty();
        heard.SetResult();

        (await reader.ReadToEndAsync(Token)).ShouldContain("second");
        world.Front.Intake.Taken.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Calls_of_functions_are_put_together()
    {
        static string Part(int place, string? id, string? name, string arguments) => new JsonObject
        {
            ["choices"] = new JsonArray(new JsonObject
            {
                ["delta"] = new JsonObject
                {
                    ["tool_calls"] = new JsonArray(new JsonObject
                    {
                        ["index"] = place, ["id"] = id, ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
                    }),
                },
            }),
        }.ToJsonString();
        await using var world = await CallWorld.StartAsync(Streams(
            null, Part(0, "a", "find", "{\"x\""), Part(1, "b", "keep", "{}"), Part(0, null, null, ":1}"), Piece("", "tool_calls"), "[DONE]"));

        var (events, _) = await world.StreamAsync(Call);

        events[^1]["output_message"]!["tool_calls"]!.ToJsonString().ShouldBe(
            """[{"id":"a","type":"function","function":{"name":"find","arguments":"{\u0022x\u0022:1}"}},{"id":"b","type":"function","function":{"name":"keep","arguments":"{}"}}]""");
    }

    [Theory]
    [InlineData("""{"error":{"message":"overloaded","code":529}}""", "overloaded")]
    [InlineData("no json", "cannot be read")]
    [InlineData(null, "before the answer was whole")]
    public async Task A_provider_that_breaks_off_leaves_what_it_said(string? end, string words)
    {
        await using var world = await CallWorld.StartAsync(
            Streams(null, end is null ? [Piece("half")] : [Piece("half"), end]));

        var (events, isWhole) = await world.StreamAsync(Call);

        isWhole.ShouldBeTrue();
        ((string)events[0]["output"]!).ShouldBe("half");
        ((string)events[^1]["error"]!).ShouldContain(words);
        var log = world.Front.OnlyBody();
        ((string)log["output"]!).ShouldBe("half");
        ((string)log["error"]!).ShouldContain(words);
    }

    [Fact]
    public async Task A_provider_that_falls_silent_is_left()
    {
        await using var world = await CallWorld.StartAsync(
            [("Front:CallTimeout", "00:00:01")],
            Streams(i => i == 1 ? Task.Delay(Timeout.Infinite, Token) : Task.CompletedTask, Piece("half"), "[DONE]"));

        var (events, _) = await world.StreamAsync(Call);

        ((string)events[^1]["error"]!).ShouldContain("longer than 00:00:01");
        ((string)world.Front.OnlyBody()["output"]!).ShouldBe("half");
    }

    [Fact]
    public async Task An_event_without_end_is_given_up()
    {
        await using var world = await CallWorld.StartAsync(Streams(null, Piece("half"), new string('x', 3 * 1024 * 1024)));

        var (events, _) = await world.StreamAsync(Call);

        ((string)events[^1]["error"]!).ShouldContain("longer than 1048576 bytes");
    }

    [Fact]
    public async Task What_fails_before_it_begins_is_a_status()
    {
        await using var world = await CallWorld.StartAsync(Fails(401, "no"));

        (await world.CallAsync(Call)).Status.ShouldBe(HttpStatusCode.BadRequest);

        ((string)world.Front.OnlyBody()["error"]!).ShouldContain("refused the key");
    }

    [Fact]
    public async Task A_service_that_knows_no_stream_options_is_asked_without()
    {
        await using var world = await CallWorld.StartAsync(
            Fails(422, "Extra inputs are not permitted: stream_options"), Streams(null, Piece("yes", "stop"), "[DONE]"));

        (await world.StreamAsync(Call)).IsWhole.ShouldBeTrue();

        world.Model.Requests[1].Has("stream_options").ShouldBeFalse();
    }

    [Fact]
    public async Task What_cannot_be_logged_is_said_in_the_stream()
    {
        await using var world = await CallWorld.StartAsync(Streams(null, Piece("yes", "stop"), "[DONE]"));
        world.Front.Intake.Refuse();

        var (events, isWhole) = await world.StreamAsync(Call);

        isWhole.ShouldBeTrue();
        ((string)events[^1]["error"]!).ShouldContain("could not be logged");
    }

    [Fact]
    public async Task Somebody_who_leaves_halfway_leaves_what_was_said_until_then()
    {
        var ended = new TaskCompletionSource();
        await using var world = await CallWorld.StartAsync(async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            await Streams(null, Piece("half"))(context);
            await ended.Task;
        });
        using (var reader = await OpenAsync(world))
            (await reader.ReadLineAsync(Token))!.ShouldContain("half");

        await ended.Task.WaitAsync(Token);
        await world.Front.Intake.First.WaitAsync(Token);

        var log = world.Front.OnlyBody();
        ((string)log["output"]!).ShouldBe("half");
        ((string)log["error"]!).ShouldContain("left before");
    }

    /// <summary>Past what holds exchanges to the description, which reads them to their end.</summary>
    private static async Task<StreamReader> OpenAsync(CallWorld world)
    {
        var http = new HttpClient { BaseAddress = world.Front.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v5/prompts/call") { Content = new StringContent(Call) };
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);

        // Whoever disposes the reader before the end drops the connection.
        return new(await response.Content.ReadAsStreamAsync(Token));
    }
}
