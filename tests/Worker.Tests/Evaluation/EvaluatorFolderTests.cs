using Worker.Evaluation;

namespace Worker.Tests.Evaluation;

public sealed class EvaluatorFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_in_folders_under_it_are_read_too_and_one_need_not_be_attached()
    {
        Write("a.yaml", "one");
        Write("library/b.yaml", "two", attach: false);

        new EvaluatorFolder(Rules.Reader, _folder.Path).Read().Select(each => (each.Path, each.Attachments.Length))
            .ShouldBe([("one", 1), ("two", 0)], ignoreOrder: true);
    }

    [Fact]
    public void What_changes_is_read_again_and_what_goes_is_gone()
    {
        Write("a.yaml", "one");
        Write("b.yaml", "two");
        var folder = new EvaluatorFolder(Rules.Reader, _folder.Path);
        folder.Read();
        folder.ReadChanged().ShouldBeNull();

        Write("c.yaml", "three");
        File.Delete(Path.Combine(_folder.Path, "b.yaml"));
        var (evaluators, mistakes) = folder.ReadChanged()!.Value;

        evaluators.Select(each => each.Path).ShouldBe(["one", "three"], ignoreOrder: true);
        mistakes.ShouldBeEmpty();
        folder.ReadChanged().ShouldBeNull();
    }

    [Fact]
    public void A_file_with_a_mistake_keeps_what_it_said_and_the_others_change()
    {
        Write("a.yaml", "one");
        Write("b.yaml", "two");
        var folder = new EvaluatorFolder(Rules.Reader, _folder.Path);
        folder.Read();

        File.WriteAllText(Path.Combine(_folder.Path, "a.yaml"), "path: one\nkind: magic");
        Write("b.yaml", "two-changed");
        var (evaluators, mistakes) = folder.ReadChanged()!.Value;

        evaluators.Select(each => each.Path).ShouldBe(["one", "two-changed"], ignoreOrder: true);
        mistakes.ShouldContain("a.yaml, line 2, kind: \"magic\" is not known; rules is accepted.");
        Write("a.yaml", "one-mended");
        folder.ReadChanged()!.Value.Evaluators.Select(each => each.Path).ShouldBe(
            ["one-mended", "two-changed"], ignoreOrder: true);
    }

    /// <summary>Its files are links into a folder whose name begins with a dot, and that is itself a link.</summary>
    [Fact]
    public void A_mounted_ConfigMap_is_read_once_and_again_when_it_changes()
    {
        var mount = Directory.CreateDirectory(Path.Combine(_folder.Path, "own")).FullName;
        Write("own/..2026_11_27_1/a.yaml", "one");
        Directory.CreateSymbolicLink(Path.Combine(mount, "..data"), "..2026_11_27_1");
        File.CreateSymbolicLink(Path.Combine(mount, "a.yaml"), "..data/a.yaml");
        var folder = new EvaluatorFolder(Rules.Reader, _folder.Path);

        folder.Read().Select(each => each.Path).ShouldBe(["one"]);
        folder.ReadChanged().ShouldBeNull();

        Write("own/..2026_11_27_2/a.yaml", "two");
        Directory.Delete(Path.Combine(mount, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(mount, "..data"), "..2026_11_27_2");
        File.SetLastWriteTimeUtc(Path.Combine(mount, "..2026_11_27_2", "a.yaml"), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        folder.ReadChanged()!.Value.Evaluators.Select(each => each.Path).ShouldBe(["two"]);
    }

    [Fact]
    public void Two_files_for_one_path_change_nothing()
    {
        Write("a.yaml", "one");
        var folder = new EvaluatorFolder(Rules.Reader, _folder.Path);
        folder.Read();

        Write("b.yaml", "one");
        var (evaluators, mistakes) = folder.ReadChanged()!.Value;

        evaluators.Single().Path.ShouldBe("one");
        mistakes.Single().ShouldBe(
            "a.yaml and b.yaml, path: Both name \"one\"; one file for each path is accepted.");
    }

    private void Write(string file, string path, bool attach = true)
    {
        var full = Path.Combine(_folder.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(
            full,
            $$"""
            path: {{path}}
            kind: rules
            return_type: boolean
            {{(attach ? "attach: [{ kind: flow, path: '**' }]" : "")}}
            rule: { any: { of: head } }
            """);
    }
}
