namespace Worker.Tests.Commands;

internal static class FaultAssertions
{
    /// <summary>One line that ends like a sentence, without a stack trace or the tests' password.</summary>
    public static string ShouldBeOneSentence(this string error)
    {
        var line = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        line.ShouldEndWith(".");
        line.ShouldNotContain("   at ");
        line.ShouldNotContain("top-s3cret");
        return line;
    }
}
