using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Hosts;
using Worker.Evaluation.Python;
using Worker.Evaluation.Yaml;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation.Python;

public sealed class PythonEvaluatorTests : IDisposable
{
    private const string Code = "def f(log):\n    return True\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Code_is_read()
    {
        var evaluator = Read("return_type: number\nnumber_limits: { min: 0, max: 1 }\ntimeout: 500ms\ncode: |\n  def f(log):\n      return 1\n");
        evaluator.Judging.Returns.ShouldBe(new JudgmentType(ReturnType.Number, [], 0, 1));
        evaluator.Judging.Call.ShouldBeOfType<CodeCall>();
        evaluator.Judging.Begin.ShouldBeNull();
    }

    [Fact]
    public void Code_in_a_file_makes_the_same_Version_as_the_same_code_in_place()
    {
        _folder.Write("check.py", Code);
        var inFile = Read("return_type: boolean\nfile: check.py");
        var inPlace = Read("return_type: boolean\ncode: |\n  def f(log):\n      return True\n");
        inFile.VersionId.ShouldBe(inPlace.VersionId);
        inFile.Spec.ToString().ShouldNotContain("check.py");

        _folder.Write("check.py", Code + "# more\n");
        Read("return_type: boolean\nfile: check.py").VersionId.ShouldNotBe(inPlace.VersionId);
    }

    [Fact]
    public void A_stored_Version_needs_no_file()
    {
        _folder.Write("check.py", Code);
        var evaluator = Read("return_type: boolean\nfile: check.py");
        File.Delete(Path.Combine(_folder.Path, "check.py"));
        Reader().OfSpec(evaluator.Path, evaluator.Spec).ShouldNotBeNull().VersionId.ShouldBe(evaluator.VersionId);
    }

    [Theory]
    [InlineData("return_type: boolean", "a.yaml, line 1, code: The key is missing; Python code is accepted, or `file: NAME.py` beside the Evaluators.")]
    [InlineData("return_type: boolean\nfile: check.py\ncode: x", "a.yaml, line 5, file: There is code, too; one of both is accepted.")]
    [InlineData("return_type: boolean\nfile: gone.py", "a.yaml, line 5, file: gone.py cannot be read (")]
    [InlineData("return_type: boolean\nfile: ../check.py", "a.yaml, line 5, file: ../check.py lies outside the folder of the Evaluators; a file in it is accepted.")]
    [InlineData("return_type: boolean\nfile: /etc/passwd", "a.yaml, line 5, file: /etc/passwd lies outside the folder of the Evaluators; a file in it is accepted.")]
    [InlineData("return_type: boolean\nfile: empty.py", "a.yaml, line 5, file: empty.py is empty, or larger than 256 KiB.")]
    [InlineData("return_type: json\nfile: check.py", "a.yaml, line 4, return_type: \"json\" is not known; accepted are boolean, number, text, select, multi_select.")]
    [InlineData("return_type: boolean\nfile: check.py\ntimeout: soon", "a.yaml, line 6, timeout: This is no duration that a call may take; a duration from 10ms to 5m is accepted, such as `500ms` or `5s`.")]
    [InlineData("return_type: boolean\nfile: check.py\ntimeout: 6m", "a.yaml, line 6, timeout: This is no duration that a call may take; ")]
    [InlineData("return_type: select\nfile: check.py", "a.yaml, line 1, options: The key is missing; ")]
    [InlineData("return_type: boolean\nfile: check.py\nlanguage: python", "a.yaml, line 6, language: The key is not known; accepted are ")]
    public void A_mistake_names_the_key_and_what_is_accepted(string keys, string mistake)
    {
        _folder.Write("check.py", Code);
        _folder.Write("empty.py", "");
        var mistakes = new YamlErrors("a.yaml");
        Reader().Read(Yaml(keys), mistakes).ShouldBeNull();
        mistakes.Lines[0].ShouldStartWith(mistake);
    }

    [Fact]
    public void It_comes_from_the_files_alone() => Kind().IsExecutable.ShouldBeTrue();

    private static string Yaml(string keys) =>
        $"path: checks/one\nkind: python\nattach: [{{ kind: flow, path: '**' }}]\n{keys}";

    private Evaluator Read(string keys)
    {
        var mistakes = new YamlErrors("a.yaml");
        var evaluator = Reader().Read(Yaml(keys), mistakes);
        mistakes.Lines.ShouldBeEmpty();
        return evaluator.ShouldNotBeNull();
    }

    private EvaluatorReader Reader() => new([Kind()]);

    private CodeEvaluator Kind() => new(
        new CodePool(
            new PythonLanguage(Options.Create(new PythonOptions())), TimeProvider.System, NullLogger<CodePool>.Instance),
        Options.Create(new EvaluationOptions { Evaluators = _folder.Path }));
}
