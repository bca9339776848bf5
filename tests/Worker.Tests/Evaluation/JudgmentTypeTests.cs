using Worker.Evaluation;

namespace Worker.Tests.Evaluation;

public sealed class JudgmentTypeTests
{
    [Theory]
    [InlineData("Boolean", "true", null)]
    [InlineData("Boolean", "1", "The judgment is a JSON number, not a boolean as return_type says.")]
    [InlineData("Number", "0.5", null)]
    [InlineData("Number", "-1", "The judgment -1 is below the least accepted number, 0.")]
    [InlineData("Number", "1.5", "The judgment 1.5 is above the greatest accepted number, 1.")]
    [InlineData("Number", "\"1\"", "The judgment is a JSON string, not a number as return_type says.")]
    [InlineData("Select", "\"good\"", null)]
    [InlineData("Select", "\"fair\"", "The judgment \"fair\" is not one of the options: good, bad.")]
    [InlineData("MultiSelect", "[\"good\",\"bad\"]", null)]
    [InlineData("MultiSelect", "[\"good\",\"fair\"]", "The judgment \"fair\" is not one of the options: good, bad.")]
    [InlineData("MultiSelect", "\"good\"", "The judgment is a JSON string, not a list of options as return_type says.")]
    [InlineData("Text", "\"anything\"", null)]
    [InlineData("Text", "{}", "The judgment is a JSON object, not a text as return_type says.")]
    [InlineData("Boolean", "null", null)]
    public void A_judgment_is_what_return_type_says_or_an_abstention(
        string returns, string judgment, string? problem) =>
        new JudgmentType(Enum.Parse<ReturnType>(returns), ["good", "bad"], 0, 1).Problem(Some.Json(judgment)).ShouldBe(problem);
}
