using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Worker.Tests.Evaluation.Library;

/// <summary>What <c>library/json-schema</c> says is what somebody else's reading of the standard says.</summary>
public sealed class JsonSchemaAgreementTests
{
    /// <summary>Where it does not go by the standard: numbers are compared by spelling, formats are held to.</summary>
    private static readonly string[] Otherwise = ["Items that differ in spelling alone", "A format says nothing"];

    public static TheoryData<string> Cases => [.. LibraryCase.Of("json-schema")
        .Where(each => each.Json["judgment"] is not null && SchemaOf(each) is not null && IsJson(AnswerOf(each)))
        .Select(each => each.Name)
        .Except(Otherwise)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_cases_expect_what_another_implementation_says(string sentence)
    {
        var expected = LibraryCase.Of("json-schema").Single(each => each.Name == sentence);

        var said = JsonSchema.FromText(SchemaOf(expected)!.ToJsonString())
            .Evaluate(JsonElement.Parse(AnswerOf(expected)));

        said.IsValid.ShouldBe((bool)expected.Json["judgment"]!);
    }

    private static string AnswerOf(LibraryCase @case) => (string)@case.Json["log"]!["output"]!;

    private static JsonNode? SchemaOf(LibraryCase @case)
    {
        var schema = @case.Json["log"]!["prompt"]?["response_format"]?["json_schema"];
        return schema?["schema"] ?? schema;
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
