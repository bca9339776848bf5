using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Worker.Front.Otlp;
using Worker.Publishing;
using Worker.Traces;

namespace Worker.Tests.Front.Otlp;

/// <summary>What the receiver takes, answers and refuses, whatever is in the spans.</summary>
public sealed class ReceiverTests
{
    [Theory]
    [InlineData("/v1/traces")]
    [InlineData("/v5/import/otel/v1/traces")]
    public async Task Both_addresses_answer_200_with_the_Logs_and_a_response_of_the_protocol(string path)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync(path, Export.Of(Export.Span(1, 0, "a"), Export.Span(2, 1, "b")));

        status.ShouldBe(HttpStatusCode.OK);
        answer!.ToJsonString().ShouldBe($$$"""{"records":["{{{Export.Log(1)}}}","{{{Export.Log(2)}}}"],"partialSuccess":{}}""");
    }

    [Fact]
    public async Task A_child_that_comes_before_its_parent_and_in_another_batch_is_linked()
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PostAsync("/v1/traces", Export.Of(Export.Span(3, 2, "c")));
        await world.PostAsync("/v1/traces", Export.Of(Export.Span(1, 0, "a"), Export.Span(2, 1, "b")));
        await world.DrainAsync();

        var logs = await world.LogsAsync(Export.Log(1), Export.Log(2), Export.Log(3));
        logs[Export.Log(3)].ParentId.ShouldBe(Export.Log(2));
        logs[Export.Log(2)].ParentId.ShouldBe(Export.Log(1));
        logs[Export.Log(1)].ParentId.ShouldBeNull();
    }

    [Fact]
    public async Task Bad_spans_are_rejected_with_a_reason_and_their_neighbours_are_taken()
    {
        await using var world = await FrontWorld.StartAsync();
        var deep = JsonNode.Parse($$"""{{string.Concat(Enumerable.Repeat("""{"arrayValue":{"values":[""", OtlpLimits.Depth))}}{"intValue":"1"}{{string.Concat(Enumerable.Repeat("]}}", OtlpLimits.Depth))}}""")!;

        var (status, answer) = await world.PostAsync("/v1/traces", Export.Of(
            Export.Span(1, 0, "good"),
            Export.Span(2, 1, "no trace").With("traceId", ""),
            Export.Span(3, 1, "zero").With("spanId", "0000000000000000"),
            Export.Span(4, 1, "parent").With("parentSpanId", "xyz"),
            Export.Span(5, 1, "deep").With("attributes", new JsonArray(new JsonObject { ["key"] = "deep", ["value"] = deep })),
            Export.Span(6, 1, "large", ("text", new string('x', 1_100_000)))));

        status.ShouldBe(HttpStatusCode.OK);
        answer!["records"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe(Export.Log(1));
        ((string)answer["partialSuccess"]!["rejectedSpans"]!).ShouldBe("5");
        ((string)answer["partialSuccess"]!["errorMessage"]!).ShouldContain("traceId");
        world.Intake.Taken.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("[]")]
    [InlineData("""{"resourceSpans":[""")]
    public async Task What_is_no_export_is_refused_with_400_and_a_status(string body)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync("/v1/traces", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        ((int)answer!["code"]!).ShouldBe(3);
        ((string)answer["message"]!).ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"resourceSpans":null}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}""")]
    [InlineData("""{"resourceSpans":[1,"x",{"resource":3,"scopeSpans":[null]}]}""")]
    public async Task An_export_without_spans_is_taken(string body)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync("/v1/traces", body);

        status.ShouldBe(HttpStatusCode.OK);
        answer!["records"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_packed_export_is_unpacked(string encoding)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, _) = await world.SendAsync(Packed(encoding, Export.Of(Export.Span(1, 0, "a"))));

        status.ShouldBe(HttpStatusCode.OK);
        world.Intake.Taken.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_unpacks_into_more_than_is_allowed_is_refused_with_413()
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.SendAsync(Packed("gzip", new string(' ', OtlpLimits.BodyBytes + 1)));

        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge, answer?.ToJsonString());
        ((string)answer!["message"]!).ShouldContain("smaller batches");
    }

    [Fact]
    public async Task An_export_larger_than_a_message_may_be_is_taken_and_one_larger_than_its_own_limit_is_not()
    {
        await using var world = await FrontWorld.StartAsync();
        var text = new string('x', 100_000);

        var (taken, _) = await world.PostAsync("/v1/traces", Export.Of([.. Enumerable.Range(1, 40).Select(id => Export.Span(id, 0, "a", ("text", text)))]));
        using var large = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = new StringContent(Export.Of([.. Enumerable.Range(1, 180).Select(id => Export.Span(id, 0, "a", ("text", text)))])) };
        large.Headers.ExpectContinue = true;
        var (refused, _) = await world.SendAsync(large);
        var (tooMany, _) = await world.PostAsync("/v1/traces", $$$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{{string.Join(',', Enumerable.Repeat("{}", OtlpLimits.Spans + 1))}}}]}]}]}""");

        (taken, refused, tooMany).ShouldBe((HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge));
        world.Intake.Taken.Count.ShouldBe(40);
    }

    [Fact]
    public async Task What_cannot_be_held_is_answered_503_with_when_to_try_again_and_sent_again_it_is_the_same()
    {
        await using var world = await FrontWorld.StartAsync();
        var isDown = true;
        world.Intake.Before = () => isDown ? throw new NotTakenException("The broker is away.") : Task.CompletedTask;
        var body = Export.Of(Export.Span(1, 0, "a"), Export.Span(2, 1, "b"));

        using var answer = await world.Client.PostAsync("/v1/traces", new StringContent(body), TestContext.Current.CancellationToken);
        isDown = false;
        await world.PostAsync("/v1/traces", body);
        await world.PostAsync("/v1/traces", body);
        await world.DrainAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        world.Intake.Taken.Select(message => message.MessageId).Distinct().Count().ShouldBe(2);
        (await world.LogsAsync(Export.Log(1)))[Export.Log(1)].Version.ShouldBe(1);
    }

    [Fact]
    public async Task Times_are_read_in_every_form_that_exporters_write()
    {
        foreach (var form in new[] { "1767323045000000000", "\"1767323045000000000\"", "1.767323045e18", """{"low":2323177472,"high":411488}""" })
        {
            await using var world = await FrontWorld.StartAsync();

            await world.PostAsync("/v1/traces", Export.Of(Export.Span(1, 0, "a").With("startTimeUnixNano", JsonNode.Parse(form)!)));
            await world.DrainAsync();

            var started = (await world.LogsAsync(Export.Log(1)))[Export.Log(1)].StartedAt;
            (started / 1_000_000).ShouldBe(form.Contains("low", StringComparison.Ordinal) ? ((411488L << 32) + 2323177472L) / 1_000_000_000 : 1767323045, form);
        }
    }

    [Fact]
    public async Task A_span_without_times_is_taken_as_it_is()
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PostAsync("/v1/traces", Export.Of(Export.Span(1, 0, "a").With("startTimeUnixNano", 0).With("endTimeUnixNano", "0")));
        await world.DrainAsync();

        var log = (await world.LogsAsync(Export.Log(1)))[Export.Log(1)];
        (log.StartedAt, log.EndedAt, log.IsComplete).ShouldBe((null, null, true));
    }

    [Fact]
    public async Task What_names_a_programs_spans_may_come_after_them()
    {
        await using var world = await FrontWorld.StartAsync();

        var span = Export.Span(1, 0, "a").ToJsonString();
        await world.PostAsync("/v1/traces", $$$"""
            {"resourceSpans":[{"scopeSpans":[{"spans":[{{{span}}}],"scope":{"name":"library"} } ],
              "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"} } ] } } ] }
            """);
        await world.DrainAsync();

        var log = (await world.LogsAsync(Export.Log(1)))[Export.Log(1)];
        log.Path.ShouldBe("shop/a");
        log[LogFields.Metadata].ToString()!.ShouldContain("\"scope\":\"library\"");
    }

    [Fact]
    public async Task Numbers_that_JSON_does_not_have_are_null()
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, _) = await world.PostAsync(
            "/v1/traces", Export.Of(Export.Span(1, 0, "a", ("x", 0.5))).Replace("0.5", "NaN", StringComparison.Ordinal));

        status.ShouldBe(HttpStatusCode.OK);
        world.Intake.Taken.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("/v1/metrics", "OTEL_METRICS_EXPORTER=none")]
    [InlineData("/v1/logs", "OTEL_LOGS_EXPORTER=none")]
    [InlineData("/v5/import/otel/v1/logs", "/v5/import/otel/v1/traces")]
    public async Task Other_signals_are_told_what_to_do(string path, string what)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync(path, "{}");

        status.ShouldBe(HttpStatusCode.NotImplemented);
        ((string)answer!["detail"]!).ShouldContain(what);
    }

    private static HttpRequestMessage Packed(string encoding, string body)
    {
        var packed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(Encoding.UTF8.GetBytes(body));
        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add(encoding);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new(HttpMethod.Post, "/v1/traces") { Content = content };
    }
}
