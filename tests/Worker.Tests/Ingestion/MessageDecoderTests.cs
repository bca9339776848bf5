using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Tests.Ingestion;

public sealed class MessageDecoderTests
{
    private static readonly MessageDecoder Decoder = new(1024 * 1024);

    [Fact]
    public void Every_field_of_the_tool_page_is_read()
    {
        var names = "path,id,start_time,end_time,output,created_at,error,provider_latency,stdout,provider_request,provider_response,inputs,source,metadata,source_datapoint_id,trace_parent_id,user,environment,tool,version_id,version_environment".Split(',');
        var body = "{" + string.Join(",", names.Select(name => $"\"{name}\":{Sample(name)}")) + ",\"batch_id\":\"b\",\"save\":true,\"log_id\":\"l\"}";

        var message = Read(body);

        message.Changes.Select(change => change.Field.Name).Order().ShouldBe(names.Order());
        message.BatchId.ShouldBe("b");
        message.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("tool.logged", null, null, null)]
    [InlineData("ToolLogged", "flow.logged", null, null)]
    [InlineData("something.else", "tool.logged", null, null)]
    [InlineData(null, "worker.dead", "urn:message:Worker.Contracts:ToolLogged;urn:message:Other:Base", null)]
    [InlineData(null, "worker.ingest", null, "tool.logged")]
    public void The_kind_is_the_first_recognised_name(
        string? type, string? routingKey, string? header, string? death) =>
        Decoder.Decode(Some.Delivery("{}", type) with { RoutingKey = routingKey, MessageTypeHeader = header, DeathRoutingKey = death })
            .Kind.ShouldBe(MessageKind.ToolLogged);

    [Fact]
    public void An_envelope_is_opened()
    {
        const string Envelope = """
            {"messageId":"e-1","messageType":["urn:message:Worker.Contracts:FlowLogUpdated"],"sentTime":"2026-01-02T03:04:05.5Z",
             "message":{"log_id":"f","trace_status":"complete","output":null},"headers":{}}
            """;
        var message = Decoder.Decode(Some.Delivery(Envelope, type: null)).Message!;

        message.Kind.ShouldBe(MessageKind.FlowLogUpdated);
        message.LogId.ShouldBe("f");
        message.MessageId.ShouldBe("e-1");
        message.OccurredAt.ShouldBe(Some.Micros(500));
        message.CompletionRequested.ShouldBeTrue();
        message.Changes.Single().Value.ShouldBeNull();
    }

    [Fact]
    public void Null_is_absent_on_logged_messages_and_unsets_on_updated_ones()
    {
        Read("""{"log_id":"l","output":null}""").Changes.ShouldBeEmpty();
        Read("""{"log_id":"l","output":null}""", "tool.log.updated").Changes.Single().Value.ShouldBeNull();
    }

    [Theory]
    [InlineData("3", "3")]
    [InlineData("true", "true")]
    [InlineData("{\"a\": 1}", "{\"a\": 1}")]
    [InlineData("\"s\"", "s")]
    public void Output_of_another_type_becomes_its_json_text(string output, string expected) =>
        Value(Read($$"""{"output":{{output}}}"""), LogFields.Output)!.Value.AsText().ShouldBe(expected);

    [Theory]
    [InlineData("\"2024-07-08T22:40:35\"", "2024-07-08T22:40:35Z")]
    [InlineData("\"2024-07-08T22:40:35.123+02:00\"", "2024-07-08T20:40:35.123000Z")]
    [InlineData("\"2024-07-08 22:40:35Z\"", "2024-07-08T22:40:35Z")]
    [InlineData("1720478435", "2024-07-08T22:40:35Z")]
    [InlineData("1720478435.25", "2024-07-08T22:40:35.250000Z")]
    [InlineData("1720478435250", "2024-07-08T22:40:35.250000Z")]
    public void Dates_are_read_as_clients_send_them(string date, string expected) =>
        Value(Read($$"""{"start_time":{{date}}}"""), LogFields.StartTime)!.Value.AsText().ShouldBe(expected);

    [Theory]
    [InlineData("253402300799999.999", "9999-12-31T23:59:59.999999Z")]
    [InlineData("\"0001-01-01\"", "0001-01-01T00:00:00Z")]
    [InlineData("\"2026-01-02T03:04:05,5Z\"", "2026-01-02T03:04:05.500000Z")]
    public void The_first_and_the_last_instant_are_instants(string date, string expected)
    {
        var message = Read($$"""{"log_id":"l","sent_at":{{date}},"end_time":{{date}}}""");

        Timestamps.Format(message.OccurredAt!.Value).ShouldBe(expected);
        Value(message, LogFields.EndTime)!.Value.AsText().ShouldBe(expected);
    }

    [Theory]
    [InlineData("253402300800000")]
    [InlineData("-62135596800001")]
    [InlineData("1e999999999999")]
    [InlineData("\"2023-02-29T00:00:00Z\"")]
    public void A_date_that_no_calendar_has_is_dropped_and_listed(string date)
    {
        var message = Read($$"""{"log_id":"l","sent_at":{{date}},"start_time":{{date}},"end_time":{{date}},"created_at":{{date}},"output":"kept"}""");

        message.OccurredAt.ShouldBeNull();
        message.Changes.Single().Field.ShouldBe(LogFields.Output);
        message.Problems.Length.ShouldBe(4);
        message.Problems.ShouldAllBe(problem => problem.Contains(" was dropped: it is "));
    }

    [Theory]
    [InlineData("tool.logged")]
    [InlineData("flow.log.updated")]
    public void An_empty_name_is_as_good_as_none(string type)
    {
        var message = Read("""{"log_id":"l","version_id":"","version_environment":"","path":"","id":"","trace_parent_id":"","output":""}""", type);

        message.Changes.Single().Field.ShouldBe(LogFields.Output);
        message.Problems.ShouldBeEmpty();
        Decoder.Decode(Some.Delivery("""{"log_id":""}""", messageId: "m")).Message!.LogId.ShouldBe("m");
    }

    [Fact]
    public void What_Python_writes_for_no_number_is_null_and_noted()
    {
        var message = Read("""{"log_id":"NaN","provider_latency":NaN,"inputs":{"a":[-Infinity,Infinity , NaN],"b":"\\\" NaN"},"output":Infinity}""");

        message.LogId.ShouldBe("NaN");
        Value(message, LogFields.Inputs)!.Value.ToString().ShouldBe("""{"a":[null,null , null],"b":"\\\" NaN"}""");
        message.Changes.Length.ShouldBe(1);
        message.Problems.ShouldHaveSingleItem().ShouldContain("NaN");
        Read("""{"log_id":"l","output":NaN}""", "tool.log.updated").Changes.Single().Value.ShouldBeNull();
        Read("""{"messageType":["ToolLogged"],"message":{"log_id":"l","metadata":{"a":NaN}}}""").Changes.Single().Value!.Value.ToString().ShouldBe("""{"a":null}""");
    }

    [Theory]
    [InlineData("{NaN:1}")]
    [InlineData("{\"a\":nan}")]
    [InlineData("{\"a\":+Infinity}")]
    [InlineData("{\"a\":NaNs}")]
    [InlineData("{\"a\":NaN")]
    [InlineData("{\"a\":\"NaN")]
    [InlineData("NaN NaN")]
    public void What_is_no_JSON_beside_is_malformed(string body) =>
        Decoder.Decode(Some.Delivery(body)).Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);

    [Theory]
    [InlineData("{\"trace_status\":\"TraceStatus.COMPLETE\"}", true, 0)]
    [InlineData("{\"log_status\":\"Completed\"}", true, 0)]
    [InlineData("{\"trace_status\":\"incomplete\",\"log_status\":\"COMPLETE\"}", true, 0)]
    [InlineData("{\"trace_status\":\"LogStatus.INCOMPLETE\"}", false, 0)]
    [InlineData("{\"trace_status\":null}", false, 0)]
    [InlineData("{\"trace_status\":\"done\"}", false, 1)]
    [InlineData("{\"trace_status\":true}", false, 1)]
    [InlineData("{\"log_status\":[\"complete\"]}", false, 1)]
    public void A_status_is_understood_in_every_spelling_of_its_words(string body, bool completes, int problems)
    {
        var message = Read(body, "flow.logged");

        message.CompletionRequested.ShouldBe(completes);
        message.Problems.Length.ShouldBe(problems);
    }

    [Fact]
    public void A_log_status_is_kept_in_one_form()
    {
        Value(Read("""{"log_status":"LogStatus.INCOMPLETE"}"""), LogFields.LogStatus)!.Value.AsText().ShouldBe("incomplete");

        var unknown = Read("""{"log_status":"done"}""");
        unknown.Changes.ShouldBeEmpty();
        unknown.Problems.ShouldBe(["""log_status was "done", which is neither "complete" nor "incomplete"."""]);
    }

    [Theory]
    [InlineData("version_id")]
    [InlineData("version_environment")]
    [InlineData("id")]
    [InlineData("trace_parent_id")]
    [InlineData("batch_id")]
    public void A_name_that_is_longer_than_any_id_is_dropped_and_listed(string field)
    {
        var message = Read($$"""{"log_id":"l","{{field}}":"{{new string('é', 128)}}"}""");

        message.Changes.ShouldBeEmpty();
        message.BatchId.ShouldBeNull();
        message.Problems.ShouldHaveSingleItem().ShouldStartWith(field + " was dropped");
    }

    [Fact]
    public void A_message_id_that_is_longer_than_any_id_names_nothing()
    {
        var message = Decoder.Decode(Some.Delivery("""{"log_id":"l"}""", messageId: new string('m', 256))).Message!;

        message.MessageId.ShouldBe(message.BodyHash);
        message.Problems.ShouldHaveSingleItem().ShouldStartWith("message_id was dropped");
        Decoder.Decode(Some.Delivery("{}", messageId: new string('m', 256))).Refusal!
            .ShouldSatisfyAllConditions(
                refusal => refusal.Reason.ShouldBe(RefusalReason.IdTooLong),
                refusal => refusal.Field.ShouldBe("message_id"));
    }

    [Fact]
    public void A_message_without_a_clock_is_known_by_its_body_too()
    {
        Decoder.Decode(Some.Delivery("""{"log_id":"l"}""", messageId: "m")).Message!.BodyHash.ShouldNotBeNull();
        Decoder.Decode(Some.Delivery("""{"log_id":"l","sent_at":"2026-01-02"}""", messageId: "m")).Message!.BodyHash.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"log_id":"l","save":false,"output":"x""")]
    [InlineData("""{"save":false,"log_id":"l"} x""")]
    [InlineData("""{"log_id":"l","save":0,"inputs":01}""")]
    [InlineData("""{"log_id":"l","save":false,"inputs":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    public void What_stood_before_the_fault_of_a_body_is_known(string body)
    {
        var decoded = Decoder.Decode(Some.Delivery(body));

        decoded.Refusal.ShouldNotBeNull();
        (decoded.LogId, decoded.Withheld, decoded.IsUnreadable).ShouldBe(("l", true, true));
    }

    [Theory]
    [InlineData("""{"messageType":[1,{"a":["urn:message:X:FlowLogged"]},null,"urn:message:Worker.Contracts:ToolLogged"],"message":{"log_id":"l"}}""", "l")]
    [InlineData("""{"messageType":"urn:message:Worker.Contracts:ToolLogged","message":{"log_id":"inner"},"log_id":"outer"}""", "outer")]
    [InlineData("""{"messageType":[],"message":[],"log_id":"outer"}""", "outer")]
    [InlineData("""{"messageType":["x"],"message":{"log_id":"first"},"message":{"log_id":"last"}}""", "last")]
    [InlineData("""{"messageType":["x"],"message":{"log_id":"l","messageType":["y"],"message":{"log_id":"deeper"}},"messageId":7,"sentTime":{}}""", "l")]
    public void An_odd_envelope_is_read_as_far_as_it_is_one(string body, string logId) =>
        Read(body).LogId.ShouldBe(logId);

    [Fact]
    public void The_time_of_an_envelope_counts_in_an_envelope_alone()
    {
        Read("""{"log_id":"l","sentTime":"2026-01-02T03:04:05Z"}""").OccurredAt.ShouldBeNull();
        Read("""{"messageType":["x"],"message":{"log_id":"l"},"sentTime":"soon"}""").Problems.ShouldHaveSingleItem().ShouldStartWith("sentTime was dropped");
    }

    [Theory]
    [InlineData("start_time", "\"yesterday\"")]
    [InlineData("start_time", "1e300")]
    [InlineData("end_time", "{}")]
    [InlineData("inputs", "[1]")]
    [InlineData("provider_latency", "\"fast\"")]
    [InlineData("user", "7")]
    [InlineData("trace_parent_id", "7")]
    [InlineData("batch_id", "7")]
    [InlineData("sent_at", "\"?\"")]
    public void A_wrongly_typed_optional_field_is_dropped_and_listed(string field, string value)
    {
        var message = Read($$"""{"log_id":"l","{{field}}":{{value}},"output":"kept"}""");

        message.Problems.ShouldHaveSingleItem().ShouldStartWith(field + " was dropped");
        Value(message, LogFields.Output).ShouldNotBeNull();
        message.Changes.Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("false", true, 0)]
    [InlineData("\"no\"", true, 1)]
    [InlineData("0", true, 1)]
    [InlineData("true", false, 0)]
    [InlineData("null", false, 0)]
    public void An_unreadable_save_counts_as_false(string save, bool withheld, int problems)
    {
        var message = Read($$"""{"save":{{save}}}""");

        message.Withheld.ShouldBe(withheld);
        message.Problems.Length.ShouldBe(problems);
    }

    [Fact]
    public void A_log_is_named_by_its_log_id_then_its_message_id_then_its_body()
    {
        Read("""{"log_id":"l"}""").Identity.ShouldBe(LogIdentity.LogId);

        var byMessage = Decoder.Decode(Some.Delivery("{}", messageId: "m")).Message!;
        byMessage.LogId.ShouldBe("m");
        byMessage.Identity.ShouldBe(LogIdentity.MessageId);

        var byBody = Read("""{"output":"o"}""");
        byBody.LogId.ShouldStartWith("log_");
        byBody.LogId.ShouldBe(Read("""{"output":"o"}""").LogId);
        byBody.LogId.ShouldNotBe(Read("""{"output":"o"}""", "flow.logged").LogId);
    }

    [Fact]
    public void A_sent_at_far_ahead_is_taken_as_given_and_noted()
    {
        var message = Read("""{"sent_at":"2026-01-02T03:10:05Z"}""");

        message.OccurredAt.ShouldBe(Some.Micros(360_000));
        message.Problems.ShouldHaveSingleItem().ShouldContain("five minutes ahead");
    }

    [Theory]
    [InlineData("{", nameof(RefusalReason.MalformedJson))]
    [InlineData("", nameof(RefusalReason.MalformedJson))]
    [InlineData("{} x", nameof(RefusalReason.MalformedJson))]
    [InlineData("{\"a\":01}", nameof(RefusalReason.MalformedJson))]
    [InlineData("[]", nameof(RefusalReason.NotAnObject))]
    [InlineData("null", nameof(RefusalReason.NotAnObject))]
    [InlineData("{\"log_id\":7}", nameof(RefusalReason.WrongType))]
    [InlineData("{\"log_id\":{}}", nameof(RefusalReason.WrongType))]
    public void What_can_never_succeed_is_refused_with_its_reason(string body, string reason) =>
        Decoder.Decode(Some.Delivery(body)).Refusal!.Reason.ToString().ShouldBe(reason);

    [Fact]
    public void Bytes_that_are_not_utf_8_are_malformed() =>
        Decoder.Decode(Some.Delivery("") with { Body = new byte[] { (byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}' } })
            .Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);

    [Theory]
    [InlineData("flow.log.updated")]
    [InlineData("tool.log.updated")]
    [InlineData("log.deleted")]
    public void An_update_without_a_log_id_misses_a_field(string type)
    {
        var refusal = Decoder.Decode(Some.Delivery("""{"output":"o"}""", type, messageId: "m")).Refusal!;

        refusal.Reason.ShouldBe(RefusalReason.MissingField);
        refusal.Field.ShouldBe("log_id");
    }

    [Fact]
    public void Ids_may_have_255_utf_8_bytes_and_no_more()
    {
        Read($$"""{"log_id":"{{new string('é', 127)}}x"}""").LogId.Length.ShouldBe(128);
        Decoder.Decode(Some.Delivery($$"""{"log_id":"{{new string('é', 128)}}"}""")).Refusal!.Reason.ShouldBe(RefusalReason.IdTooLong);
    }

    [Fact]
    public void Depth_and_size_have_limits()
    {
        var deepest = string.Concat(Enumerable.Repeat("{\"a\":", JsonBody.MaxDepth - 1)) + "1" + new string(
            '}', JsonBody.MaxDepth - 1);

        Decoder.Decode(Some.Delivery("{\"inputs\":" + deepest + "}")).Refusal.ShouldBeNull();
        Decoder.Decode(Some.Delivery("{\"inputs\":{\"a\":" + deepest + "}}")).Refusal!.Reason.ShouldBe(
            RefusalReason.TooDeep);
        new MessageDecoder(1024).Decode(Some.Delivery($$"""{"save":false,"output":"{{new string('x', 1024)}}"}""")).ShouldSatisfyAllConditions(
            decoded => decoded.Refusal!.Reason.ShouldBe(RefusalReason.TooLarge),
            decoded => decoded.Withheld.ShouldBeTrue());
    }

    [Fact]
    public void What_is_no_JSON_before_it_nests_too_deep_is_malformed()
    {
        var deep = new string('[', JsonBody.MaxDepth + 10);

        Decoder.Decode(Some.Delivery($$"""{"error": "a "quote" in it", "inputs": {{deep}}""")).Refusal!.Reason.ShouldBe(RefusalReason.MalformedJson);
        Decoder.Decode(Some.Delivery($$"""{"error": "a quote", "inputs": {{deep}} "quote""")).Refusal!.Reason.ShouldBe(RefusalReason.TooDeep);
    }

    [Fact]
    public void A_type_that_nothing_recognises_is_refused_with_what_is_accepted()
    {
        var refusal = Decoder.Decode(Some.Delivery("{}", "tool.called")).Refusal!;

        refusal.Reason.ShouldBe(RefusalReason.UnknownType);
        refusal.Detail.ShouldContain("tool.logged");
    }

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character() =>
        Value(Read("""{"inputs":{"\ud800":"\udc00 \ud83d\ude00 \\ud800 \uDBFF"}}"""), LogFields.Inputs)!.Value.ToString()
            .ShouldBe("""{"\ufffd":"\ufffd \ud83d\ude00 \\ud800 \ufffd"}""");

    [Fact]
    public void Several_threads_decode_at_once()
    {
        var bodies = Enumerable.Range(0, 5000).Select(i => Some.Delivery($$"""{"log_id":"l{{i}}","output":"{{i}}","inputs":{"i":{{i}} } }""")).ToList();

        bodies.AsParallel().WithDegreeOfParallelism(4).ForAll(inbound =>
        {
            var message = Decoder.Decode(inbound).Message!;
            message.LogId.ShouldBe("l" + Value(message, LogFields.Output)!.Value.AsText());
            Value(message, LogFields.Inputs)!.Value.ToString().ShouldBe($$"""{"i":{{message.LogId[1..]}} }""");
        });
    }

    [Fact]
    public void Whatever_arrives_is_read_or_refused_and_never_throws() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5000),
        Prop.ForAll(Garbage().ToArbitrary(), body =>
        {
            var decoded = Decoder.Decode(Some.Delivery("") with { Body = body });
            (decoded.Message is null).ShouldBe(decoded.Refusal is not null);
        }));

    /// <summary>Valid bodies with a few bytes changed, dropped or doubled.</summary>
    private static Gen<byte[]> Garbage() =>
        from seed in Gen.Elements(
            """{"log_id":"l","output":"\ud83d","inputs":{"a":[1,2,{"b":null}]},"start_time":1e3,"save":false}""",
            """{"messageType":["urn:x:ToolLogged"],"message":{"log_id":"x","sent_at":"2026"}}""",
            """{"log_id":"\u0000","batch_id":{},"trace_status":"complete","tool":{"function":{}}}""")
        from changes in Gen.ListOf(
            from at in Gen.Choose(0, 60)
            from value in Gen.Choose(0, 255)
            from how in Gen.Choose(0, 2)
            select (at, value, how))
        select changes.Aggregate(Encoding.UTF8.GetBytes(seed).ToList(), (bytes, change) =>
        {
            var at = Math.Min(change.at, bytes.Count - 1);
            if (change.how == 0)
                bytes[at] = (byte)change.value;
            else if (change.how == 1)
                bytes.Insert(at, (byte)change.value);
            else if (bytes.Count > 1)
                bytes.RemoveAt(at);
            return bytes;
        }).ToArray();

    private static string Sample(string name) => LogFields.Find(name)!.Type switch
    {
        FieldType.Date => "\"2026-01-02T03:04:05Z\"",
        FieldType.Number => "1.5",
        FieldType.Map => "{\"k\":null}",
        _ => "\"x\"",
    };

    private static LogMessage Read(string body, string type = "tool.logged") => Decoder.Decode(Some.Delivery(body, type)).Message!;

    private static JsonValue? Value(LogMessage message, Field field) =>
        message.Changes.Single(change => change.Field == field).Value;
}
