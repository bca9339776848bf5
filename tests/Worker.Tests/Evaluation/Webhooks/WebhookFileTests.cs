namespace Worker.Tests.Evaluation.Webhooks;

/// <summary>What an Evaluator file says of a webhook.</summary>
public sealed class WebhookFileTests : IDisposable
{
    private readonly WebhookWorld _world = new();

    [Theory]
    [InlineData("boolean", "")]
    [InlineData("number", "number_limits: { min: 0, max: 1 }")]
    [InlineData("text", "")]
    [InlineData("select", "options: [good, bad]")]
    [InlineData("multi_select", "options: [{ name: polite }, { name: short }]")]
    public void It_may_return_whatever_there_is(string returns, string more)
    {
        var evaluator = _world.Evaluator("https://checks.example.com/verdict", "timeout: 5s\nmax_reply_bytes: 1000\n" + more, returns);

        evaluator.Judging.Call.ShouldNotBeNull();
        evaluator.Judging.Begin.ShouldBeNull();
        evaluator.IsExecutable.ShouldBeTrue();
        evaluator.Spec.ToString().ShouldContain("\"secret\":\"checks\"");
    }

    [Theory]
    [InlineData("ftp://checks.example.com", "", "url: This cannot be asked; ")]
    [InlineData("/verdict", "", "url: This cannot be asked; ")]
    [InlineData("\"\"", "", "url: This is no text; ")]
    [InlineData("https://", "", "url: This cannot be asked; ")]
    [InlineData("https://user:password@checks.example.com", "", "url: A user or password has no place in a file; ")]
    [InlineData("https://checks.example.com", "secret: my secret", "secret: This is no name of a secret; ")]
    [InlineData("https://checks.example.com", "secret: checks_FILE", "secret: This is no name of a secret; ")]
    [InlineData("https://checks.example.com", "secret: a:b", "secret: This is no name of a secret; ")]
    [InlineData("https://checks.example.com", "timeout: 11m", "timeout: This is no time to wait; a duration from 100ms to 10m is accepted.")]
    [InlineData("https://checks.example.com", "timeout: 30", "timeout: This is no time to wait; ")]
    [InlineData("https://checks.example.com", "max_reply_bytes: 0", "max_reply_bytes: This is no size of a reply; 1 to 1048576 is accepted.")]
    [InlineData("https://checks.example.com", "max_reply_bytes: 1.5", "max_reply_bytes: This is no size of a reply; ")]
    [InlineData("https://checks.example.com", "colour: red", "colour: The key is not known; accepted are ")]
    public void A_mistake_is_told(string url, string more, string sentence) =>
        _world.Mistakes(url, more).ShouldHaveSingleItem().ShouldContain(sentence);

    public void Dispose() => _world.Dispose();
}
