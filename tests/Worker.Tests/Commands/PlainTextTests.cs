using Spectre.Console;
using Worker.Commands;

namespace Worker.Tests.Commands;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("[red]", "[[red]]")]
    [InlineData("a\u0000\n\u001bb", "a   b")]
    [InlineData("\uffff", " ")]
    public void Text_is_fit_for_a_terminal(string text, string expected) => PlainText.ForTerminal(text).ShouldBe(expected);

    [Fact]
    public void Every_character_of_Unicode_can_be_shown()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });

        for (var code = 0; code <= 0x10FFFF; code += 100)
        {
            var text = string.Concat(Enumerable.Range(code, 100).Select(each => each is (>= 0xD800 and <= 0xDFFF) or > 0x10FFFF ? "?" : char.ConvertFromUtf32(each)));
            Should.NotThrow(() => console.Write(new Tree(PlainText.ForTerminal(text))), $"U+{code:X4}");
        }
    }
}
