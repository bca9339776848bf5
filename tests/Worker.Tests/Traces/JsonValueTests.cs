using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class JsonValueTests
{
    [Theory]
    [InlineData("\"flow-1\"", "flow-1", true)]
    [InlineData("\"flow-2\"", "flow-1", false)]
    [InlineData("\"fl\\u006fw\"", "flow", true)]
    [InlineData("\"\\ud83d\\ude00 ü\"", "😀 ü", true)]
    [InlineData("\"a\\u0000b\"", "a\0b", true)]
    [InlineData("\"\"", "", true)]
    [InlineData("17", "17", false)]
    [InlineData("null", "null", false)]
    [InlineData("{\"a\":1}", "a", false)]
    public void A_value_is_a_text_where_it_is_the_string_of_it(string json, string text, bool expected) =>
        JsonValue.Parse(json).IsText(text).ShouldBe(expected);
}
