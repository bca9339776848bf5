using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Tests.Ingestion;

public sealed class PostedVerdictDecodingTests
{
    private const string Select = """{"evaluator_type":"human","return_type":"select","options":[{"name":"good","valence":"positive"},{"name":"bad"}]}""";

    private static readonly MessageDecoder Decoder = new(1024 * 1024);

    [Theory]
    [InlineData("true", "judgment")]
    [InlineData("0.30000000000000004", "judgment")]
    [InlineData("1e999", "judgment")]
    [InlineData("\"good\"", "judgment_text")]
    [InlineData("\"\"", "judgment_text")]
    [InlineData("[]", "judgment_text")]
    [InlineData("[\"a\", \"b\"]", "judgment_text")]
    public void Every_type_of_judgment_is_read_and_what_may_be_free_text_is_told_apart(string judgment, string field)
    {
        var changes = Read($$"""{"parent_id":"l","judgment":{{judgment}}}""").Changes.ToDictionary(change => change.Field.Name, change => change.Value);

        changes[field].ToString().ShouldBe(judgment);
        changes[field == "judgment" ? "judgment_text" : "judgment"].ShouldBeNull();
    }

    [Fact]
    public void An_option_that_the_message_itself_declares_is_no_free_text()
    {
        Judgment(Read($$"""{"parent_id":"l","judgment":"good","spec":{{Select}}}""")).ShouldBe("\"good\"");
        Judgment(Read("""{"parent_id":"l","judgment":["x"],"spec":{"return_type":"multi_select"}}""")).ShouldBe("[\"x\"]");
        Judgment(Read("""{"parent_id":"l","judgment":"good","spec":{"return_type":"text"}}""")).ShouldBeNull();
    }

    [Fact]
    public void Null_takes_a_judgment_back_and_without_one_nothing_is_said_of_it()
    {
        var fields = Read("""{"parent_id":"l","judgment":null}""").Changes.Where(change => change.Value is null).Select(change => change.Field);
        fields.ShouldBe([LogFields.Judgment, LogFields.JudgmentText]);
        Read("""{"parent_id":"l","output":null}""").Changes.Select(change => change.Field).ShouldBe([LogFields.JudgedId]);
    }

    [Theory]
    [InlineData("{}", "missing_field")]
    [InlineData("""{"log_id":"v","judgment":true}""", "missing_field")]
    [InlineData("""{"parent_id":null}""", "missing_field")]
    [InlineData("""{"parent_id":""}""", "missing_field")]
    [InlineData("""{"parent_id":NaN}""", "missing_field")]
    [InlineData("""{"parent_id":7}""", "wrong_type")]
    [InlineData("""{"parent_id":["l"]}""", "wrong_type")]
    public void A_verdict_has_to_say_what_it_is_on(string body, string reason)
    {
        var refusal = Refused(body);

        (refusal.Reason.WireName(), refusal.Field).ShouldBe((reason, "parent_id"));
    }

    [Fact]
    public void What_it_is_on_has_an_id_of_the_length_of_one()
    {
        Refused($$"""{"parent_id":"{{new string('é', 128)}}"}""").Reason.ShouldBe(RefusalReason.IdTooLong);
        Read($$"""{"parent_id":"{{new string('é', 127)}}x"}""").Changes.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("{}", "is an object")]
    [InlineData("""{"a":1}""", "is an object")]
    [InlineData("[1]", "is an array with more than texts")]
    [InlineData("""["a",null]""", "is an array with more than texts")]
    [InlineData("""["a",["b"]]""", "is an array with more than texts")]
    [InlineData("NaN", "is NaN or infinite")]
    [InlineData("-Infinity", "is NaN or infinite")]
    [InlineData("[\"a\",NaN]", "is an array with more than texts")]
    public void What_is_no_judgment_is_refused(string judgment, string sentence)
    {
        var refusal = Refused($$"""{"log_id":"v","parent_id":"l","inputs":{"n":NaN},"judgment":{{judgment}}}""");

        (refusal.Reason.WireName(), refusal.Field).ShouldBe(("invalid_judgment", "judgment"));
        refusal.Detail.ShouldContain(sentence);
    }

    [Fact]
    public void A_null_beside_something_infinite_is_a_null() =>
        Read("""{"parent_id":"l","inputs":{"judgment":NaN},"judgment":null}""").Changes.Count(change => change.Value is null).ShouldBe(2);

    [Theory]
    [InlineData("""{"return_type":"boolean"}""", "1", "not a boolean")]
    [InlineData("""{"return_type":"number"}""", "true", "not a number")]
    [InlineData("""{"return_type":"number","number_limits":{"min":0,"max":1}}""", "1.5", "above the greatest accepted number")]
    [InlineData("""{"return_type":"number","number_limits":{"max":1}}""", "1e99999999999999999999", "above the greatest accepted number")]
    [InlineData("""{"return_type":"text"}""", "[\"a\"]", "not a text")]
    [InlineData(Select, "\"so so\"", "not one of the options: good, bad")]
    [InlineData("""{"return_type":"multi_select","options":[{"name":"a"}]}""", "[\"a\",\"b\"]", "not one of the options: a")]
    public void A_judgment_that_contradicts_the_spec_beside_it_is_refused_and_not_quoted_where_nothing_is_saved(
        string spec, string judgment, string sentence)
    {
        var refusal = Refused($$"""{"parent_id":"l","spec":{{spec}},"judgment":{{judgment}}}""");

        refusal.Reason.ShouldBe(RefusalReason.InvalidJudgment);
        refusal.Detail.ShouldContain(sentence);
        refusal.DetailWithoutContent.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"no object\"")]
    [InlineData("""{"return_type":"stars"}""")]
    [InlineData("""{"return_type":7,"options":3}""")]
    [InlineData("""{"return_type":"select","options":["good",{"name":1},null]}""")]
    public void A_spec_that_says_nothing_of_judgments_refuses_none(string spec) =>
        Read($$"""{"parent_id":"l","spec":{{spec}},"judgment":"anything"}""").Changes.ShouldNotBeEmpty();

    [Fact]
    public void Without_an_id_it_is_named_as_other_logs_are()
    {
        const string Body = """{"parent_id":"l","judgment":true}""";
        Decoder.Decode(Some.Delivery(Body, "evaluator.logged", "m-1")).Message!.LogId.ShouldBe("m-1");
        Read(Body).LogId.ShouldBe(Read(Body).LogId);
        Read(Body).Identity.ShouldBe(LogIdentity.Body);
    }

    [Theory]
    [InlineData("EvaluatorLogged", null)]
    [InlineData(null, "evaluator.logged")]
    [InlineData("evaluator.logged", "tool.logged")]
    public void It_is_known_by_every_name_that_a_message_goes_by(string? type, string? routingKey) =>
        Decoder.Decode(Some.Delivery("""{"parent_id":"l"}""", type) with { RoutingKey = routingKey }).Kind.ShouldBe(MessageKind.EvaluatorLogged);

    [Fact]
    public void Other_messages_do_not_carry_what_only_verdicts_have() =>
        Decoder.Decode(Some.Delivery("""{"log_id":"t","parent_id":"l","judgment":{},"spec":{},"judgment_text":"x","marked_completed":true}"""))
            .Message!.Changes.ShouldBeEmpty();

    [Fact]
    public void The_field_that_holds_texts_is_none_of_the_wire() =>
        Read("""{"parent_id":"l","judgment_text":"x"}""").Changes.Select(change => change.Field).ShouldBe([LogFields.JudgedId]);

    private static LogMessage Read(string body) => Decoder.Decode(Some.Delivery(body, "evaluator.logged")).Message.ShouldNotBeNull(body);

    private static Refusal Refused(string body) => Decoder.Decode(Some.Delivery(body, "evaluator.logged")).Refusal.ShouldNotBeNull(body);

    private static string? Judgment(LogMessage message) =>
        message.Changes.Single(change => change.Field == LogFields.Judgment).Value?.ToString();
}
