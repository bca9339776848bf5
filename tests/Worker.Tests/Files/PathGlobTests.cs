using Worker.Files;

namespace Worker.Tests.Files;

public sealed class PathGlobTests
{
    [Theory]
    [InlineData("support/answer", "support/answer", true)]
    [InlineData("support/answer", "support/Answer", false)]
    [InlineData("support/*", "support/answer", true)]
    [InlineData("support/*", "support/a/b", false)]
    [InlineData("support/*", "support", false)]
    [InlineData("support/**", "support/a/b", true)]
    [InlineData("support/**", "supporting/a", false)]
    [InlineData("**/answer", "answer", true)]
    [InlineData("**/answer", "a/b/answer", true)]
    [InlineData("**/answer", "a/no-answer", false)]
    [InlineData("a*c", "abc", true)]
    [InlineData("a*c", "a/c", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("/support/*/", "support/x", true)]
    [InlineData("support/*", "/support/x/", true)]
    [InlineData("**", "any/thing\nat all", true)]
    public void A_star_stays_within_a_segment_and_two_do_not(string pattern, string path, bool matches) =>
        new PathGlob(pattern).Matches(path).ShouldBe(matches);

    [Theory]
    [InlineData("**", true)]
    [InlineData("*", true)]
    [InlineData("support/**", false)]
    public void A_log_without_a_file_is_covered_only_by_what_covers_everything(string pattern, bool matches) =>
        new PathGlob(pattern).Matches(null).ShouldBe(matches);

    [Fact]
    public void Paths_are_compared_in_their_normal_form() =>
        new PathGlob("caf\u00e9/*").Matches("cafe\u0301/x").ShouldBeTrue();

    [Theory]
    [InlineData("odd/*", "odd/\ufffe", true)]
    [InlineData("odd/\ufffe", "odd/\ufffe", true)]
    [InlineData("odd/\ufffe", "odd/\uffff", false)]
    [InlineData("**", "\ufffe\ufdd0", true)]
    public void What_is_no_character_is_compared_as_any(string pattern, string path, bool matches) =>
        new PathGlob(pattern).Matches(path).ShouldBe(matches);

    [Fact]
    public void A_hostile_pattern_and_path_take_no_time() =>
        new PathGlob(string.Concat(Enumerable.Repeat("*a", 60)) + "b").Matches(new string('a', 100_000)).ShouldBeFalse();
}
