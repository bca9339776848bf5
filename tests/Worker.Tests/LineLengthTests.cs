using Worker.Tests.Deployment;

namespace Worker.Tests;

public sealed class LineLengthTests
{
    /// <summary>As .editorconfig says; a reader with two files side by side sees whole lines.</summary>
    private const int Columns = 120;

    /// <summary>What is not held to it yet: rooms by name, files by path. Shorter is better.</summary>
    private static readonly string[] NotHeld =
    [
        "Front/",
    ];

    [Fact]
    public void No_line_is_longer_than_the_page_is_wide() =>
        Lines().Where(line => line.Text.Length > Columns && !IsExempt(line.File))
            .Select(line => $"{line.File}({line.Number})")
            .ShouldBeEmpty();

    [Fact]
    public void What_is_not_held_is_there_and_has_such_lines()
    {
        var tooLong = Lines().Where(line => line.Text.Length > Columns).Select(line => line.File).ToList();

        NotHeld.Where(exempt => !tooLong.Exists(file => file.StartsWith(exempt, StringComparison.Ordinal)))
            .ShouldBeEmpty("These can be struck out of the list.");
    }

    private static bool IsExempt(string file) =>
        Array.Exists(NotHeld, exempt => file.StartsWith(exempt, StringComparison.Ordinal));

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
