using Worker.Files;
using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class VersionDetailsTests
{
    [Theory]
    [InlineData("""{"source_code":"a","source_code":"b"}""", """{"source_code":"b"}""")]
    [InlineData("""{"source_code":"a","source_code":null}""", "{}")]
    [InlineData("""{"source_code":null,"source\u005fcode":"a"}""", """{"source_code":"a"}""")]
    [InlineData("""{"function":{"name":"a","name":"b","strict":true,"strict":false}}""", """{"function":{"name":"b","strict":false}}""")]
    [InlineData("""{"function":{"name":"a"},"function":{"name":"b"}}""", """{"function":{"name":"b","strict":false}}""")]
    [InlineData("""{"setup_values":{"a":{"x":1,"x":2}}}""", """{"setup_values":{"a":{"x":2}}}""")]
    [InlineData("""{"setup_values":{ },"attributes": null ,"function":{}}""", "{}")]
    [InlineData("""{"function":{"strict":null,"parameters":{ }}}""", """{"function":{"strict":false}}""")]
    [InlineData("""{"function":"lookup"}""", """{"function":"lookup"}""")]
    [InlineData("""{"function":[]}""", """{"function":[]}""")]
    [InlineData("""{"id":"f","unknown":1}""", "{}")]
    public void A_tools_details_have_one_form(string details, string expected) =>
        ShouldBecome(LogKind.Tool, details, expected);

    [Theory]
    [InlineData("""{"attributes":{"a":1},"attributes":{"a":2,"a":3}}""", """{"attributes":{"a":3}}""")]
    [InlineData("""{"attributes":{},"other":1}""", "{}")]
    public void A_flows_details_have_one_form(string details, string expected) =>
        ShouldBecome(LogKind.Flow, details, expected);

    [Theory]
    [InlineData("""{"model":"a","model":"b","stop":null,"x":{}}""", """{"model":"b"}""")]
    [InlineData("""{"\ufffe\u0000\"":1}""", """{"\ufffe\u0000\"":1}""")]
    [InlineData("\"text\"", "\"text\"")]
    [InlineData("[1,{\"a\":1,\"a\":2}]", "[1,{\"a\":2}]")]
    [InlineData("1e999999999999999999999", "1e999999999999999999999")]
    public void A_prompts_details_are_what_it_says(string details, string expected) =>
        ShouldBecome(LogKind.Prompt, details, expected);

    [Fact]
    public void Deep_details_have_a_form()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":0,\"a\":", 900)) + "1" + new string('}', 900);

        ShouldBecome(LogKind.Flow, $$"""{"attributes":{{deep}}}""", $$"""{"attributes":{{deep.Replace("\"a\":0,", "", StringComparison.Ordinal)}}}""");
    }

    private static void ShouldBecome(LogKind kind, string details, string expected) =>
        CanonicalJson.AreEqual(VersionDetails.Normalise(kind, Some.Json(details)), Some.Json(expected)).ShouldBeTrue(
            VersionDetails.Normalise(kind, Some.Json(details)).ToString());
}
