using System.Text;
using Worker.Publishing;

namespace Worker.Tests.Publishing;

public sealed class MessageLineTests
{
    [Theory]
    [InlineData("""{"type":"tool.logged","log_id":"a"}""", """{"log_id":"a"}""")]
    [InlineData("""{"log_id":"a","type":"tool.logged"}""", """{"log_id":"a"}""")]
    [InlineData("""{"log_id":"a", "type" : "tool.logged" , "x":1.0}""", """{"log_id":"a", "x":1.0}""")]
    [InlineData("""{ "type":"tool.logged" }""", "{}")]
    [InlineData("""{"tool":{"type":"x"},"type":"ToolLogged"}""", """{"tool":{"type":"x"}}""")]
    [InlineData("""{"t\u0079pe":"tool.logged","n":123456789012345678901234567890}""", """{"n":123456789012345678901234567890}""")]
    public void The_body_is_the_line_without_its_type(string line, string body)
    {
        var (message, fault) = Read(line);
        fault.ShouldBeNull();
        Encoding.UTF8.GetString(message!.Body.Span).ShouldBe(body);
        message.Type.ShouldBeOneOf("tool.logged", "ToolLogged");
    }

    [Theory]
    [InlineData("""{"log_id":"a"}""", "type is missing")]
    [InlineData("""{"type":"tool.loged"}""", "type is \"tool.loged\"; it accepts tool.logged")]
    [InlineData("""{"type":7}""", "type is not a text")]
    [InlineData("""{"type":null}""", "type is not a text")]
    [InlineData("""{"type":"\ud800"}""", "type is not a text")]
    [InlineData("""["type"]""", "it is not one JSON object")]
    [InlineData("""{"type":"tool.logged",""", "it is not one JSON object")]
    [InlineData("""{"type":"tool.logged"} {}""", "it is not one JSON object")]
    [InlineData("hello", "it is not one JSON object")]
    public void A_line_that_is_no_message_is_told_in_a_sentence(string line, string sentence)
    {
        var (message, fault) = Read(line);
        message.ShouldBeNull();
        fault.ShouldNotBeNull().ShouldStartWith(sentence);
        fault.ShouldEndWith(".");
        fault.ShouldNotContain("\n");
    }

    private static (Worker.Storage.InboxMessage? Message, string? Fault) Read(string line) =>
        MessageLine.Read(Encoding.UTF8.GetBytes(line), Some.Time);
}
