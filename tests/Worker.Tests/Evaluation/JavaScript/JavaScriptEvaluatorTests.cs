using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Hosts;
using Worker.Evaluation.JavaScript;
using Worker.Evaluation.Yaml;

namespace Worker.Tests.Evaluation.JavaScript;

/// <summary>What is read is read as for Python; here is what differs.</summary>
public sealed class JavaScriptEvaluatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Code_in_a_file_makes_the_same_Version_as_the_same_code_in_place()
    {
        _folder.Write("check.js", "log => true\n");
        var inFile = Reader().Read(Yaml("file: check.js"), new YamlErrors("a.yaml")).ShouldNotBeNull();
        var inPlace = Reader().Read(Yaml("code: |\n  log => true\n"), new YamlErrors("a.yaml")).ShouldNotBeNull();
        inFile.VersionId.ShouldBe(inPlace.VersionId);
        inFile.Judging.Call.ShouldBeOfType<CodeCall>();
    }

    [Fact]
    public void Without_code_it_says_what_is_accepted()
    {
        var mistakes = new YamlErrors("a.yaml");
        Reader().Read(Yaml("timeout: 1s"), mistakes).ShouldBeNull();
        mistakes.Lines[0].ShouldBe(
            "a.yaml, line 1, code: The key is missing; JavaScript code is accepted, or `file: NAME.js` beside the Evaluators.");
    }

    [Fact]
    public void It_comes_from_the_files_alone()
    {
        using var kind = Kind();
        kind.IsExecutable.ShouldBeTrue();
    }

    private static string Yaml(string keys) =>
        $"path: checks/one\nkind: javascript\nreturn_type: boolean\nattach: [{{ kind: flow, path: '**' }}]\n{keys}";

    private EvaluatorReader Reader() => new([Kind()]);

    private CodeEvaluator Kind() => new(
        new CodePool(
            new JavaScriptLanguage(Options.Create(new JavaScriptOptions())), TimeProvider.System, NullLogger<CodePool>.Instance),
        Options.Create(new EvaluationOptions { Evaluators = _folder.Path }));
}
