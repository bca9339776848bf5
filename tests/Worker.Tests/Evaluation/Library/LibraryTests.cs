using Worker.Evaluation;
using Worker.Tests.Deployment;
using Worker.Tests.Evaluation.Models;

namespace Worker.Tests.Evaluation.Library;

/// <summary>The Evaluators in <c>config/evaluators/library</c>, each held to its cases.</summary>
public sealed class LibraryTests(LibraryWorld world) : IClassFixture<LibraryWorld>
{
    private const int FewestCases = 8;

    public static TheoryData<string, string> Cases => [.. LibraryWorld.Names
        .SelectMany(name => LibraryCase.Of(name).Select(each => (name, each.Name)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_judges_as_its_cases_say(string name, string sentence)
    {
        var expected = LibraryCase.Of(name).Single(each => each.Name == sentence);
        await using var server = LibraryWorld.IsJudge(name)
            ? await FakeModelServer.StartAsync(
                FakeModelServer.Says(expected.Json["reply"]?.ToJsonString() ?? expected.Text("says")))
            : null;

        var result = await world.JudgeAsync(name, expected, server?.Url);

        var verdict = result.Verdict;
        (verdict?.Judgment?.ToString(), verdict is { Judgment: null, Error: null }, result.Why is not null)
            .ShouldBe(
                (
                    expected.Json["judgment"]?.ToJsonString(),
                    expected.Holds("abstains"),
                    expected.Holds("filtered")),
                $"{verdict?.Error} {verdict?.Reason} {result.Why}");
        Contains(verdict?.Error ?? "", expected.Text("error"));
        Contains(verdict?.Reason ?? result.Why ?? "", expected.Text("reason"));
        if (server is null)
            return;
        server.Requests.Any().ShouldBe(expected.Json["reply"] is not null || expected.Text("says") is not null);
        foreach (var asked in expected.Texts("asked"))
            server.Requests[0].Message(1).ShouldContain(asked, Case.Sensitive);
    }

    [Fact]
    public void There_are_24_and_each_has_cases_and_a_section_of_the_page()
    {
        var sections = File.ReadLines(Path.Combine(Repository.Root, "docs", "library.md"))
            .Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..].Trim('`'));

        LibraryWorld.Names.Count().ShouldBe(24);
        sections.ShouldBe(LibraryWorld.Names.Select(name => $"library/{name}"), ignoreOrder: true);
        Directory.EnumerateFiles(LibraryCase.Folder).Select(file => Path.GetFileNameWithoutExtension(file)!)
            .ShouldBe(LibraryWorld.Names, ignoreOrder: true);
        LibraryWorld.Names.Where(name => LibraryCase.Of(name).Count < FewestCases).ShouldBeEmpty();
        LibraryWorld.Names.Where(name => LibraryCase.Of(name).DistinctBy(each => each.Name).Count()
            != LibraryCase.Of(name).Count).ShouldBeEmpty();
    }

    [Fact]
    public void They_name_themselves_after_their_files_say_what_they_judge_and_are_attached_to_nothing()
    {
        var evaluators = new EvaluatorFolder(world.Reader(), LibraryWorld.Folder).Read();

        evaluators.Select(each => each.Path).Order(StringComparer.Ordinal)
            .ShouldBe(LibraryWorld.Names.Select(name => $"library/{name}"));
        evaluators.ShouldAllBe(each => each.Description!.Length > 20 && each.Attachments.IsEmpty);
    }

    [Fact]
    public void They_go_with_the_program() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "config", "evaluators", "library"))
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .ShouldBe(LibraryWorld.Names, ignoreOrder: true);

    private static void Contains(string text, string? part) => text.ShouldContain(part ?? "", Case.Sensitive);
}
