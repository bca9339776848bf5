using Worker.Tests.Deployment;

namespace Worker.Tests;

public sealed class LineLengthTests
{
    /// <summary>As .editorconfig says; a reader with two files side by side sees whole lines.</summary>
    private const int Columns = 120;

    [Fact]
    public void No_line_is_longer_than_the_page_is_wide()
    {
        var lines = Lines().ToList();

        lines.ShouldNotBeEmpty();
        lines.Where(line => line.Text.Length > Columns)
            .Select(line => $"{line.File}({line.Number})")
            .ShouldBeEmpty();
    }

    private static IEnumerable<(string File, int Number, string Text)> Lines()
    {
        var root = Path.Combine(Repository.Root, "src", "Worker");
        return from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let file = Path.GetRelativePath(root, path).Replace('\\', '/')
               where file.Split('/')[0] is not ("bin" or "obj")
               from line in File.ReadLines(path).Select((text, index) => (file, index + 1, text))
               select line;
    }
}
