using System.Text.RegularExpressions;
using Shouldly;
using Worker.Hosting;
using Worker.Traces;
using Xunit;

namespace Worker.Tests.Deployment;

/// <summary>What the README says of keys, messages and tests is so.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void The_configuration_table_has_every_key_with_its_default()
    {
        var rows = Row().Matches(Section("Configuration")).ToDictionary(row => row.Groups["key"].Value, row => row.Groups["default"].Value);
        rows.Keys.ShouldBe(Settings.All.Select(setting => setting.Key), ignoreOrder: true);
        foreach (var setting in Settings.All)
            rows[setting.Key].ShouldBe(setting.DefaultText, setting.Key);
    }

    [Fact]
    public void The_message_reference_has_every_type_and_every_field()
    {
        var messages = Section("Messages");
        foreach (var kind in Enum.GetValues<MessageKind>())
            messages.ShouldContain($"`{kind.WireName()}`");
        foreach (var field in Fields.All)
            messages.ShouldMatch($@"[`{{ ]{field.Name}[`{{,}}]");
        foreach (var reason in Enum.GetValues<RefusalReason>())
            messages.ShouldContain($"`{reason.WireName()}`");
    }

    [Fact]
    public void Every_guarantee_names_tests_that_exist()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var guarantees = Section("Guarantees").Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).ToList();
        guarantees.Count.ShouldBeGreaterThan(10);
        foreach (var guarantee in guarantees)
        {
            var tests = TestName().Matches(guarantee).Select(match => match.Groups[1].Value).ToList();
            tests.ShouldNotBeEmpty(guarantee);
            foreach (var test in tests)
                sources.ShouldContain($" {test}(", Case.Sensitive, test);
        }
    }

    [Fact]
    public void Every_link_leads_somewhere()
    {
        foreach (var link in Link().Matches(Text).Select(match => match.Groups[1].Value))
            Path.Exists(Path.Combine(Repository.Root, link)).ShouldBeTrue(link);
    }

    private static string Section(string title)
    {
        var section = Text[(Text.IndexOf($"\n## {title}\n", StringComparison.Ordinal) + 1)..];
        var end = section.IndexOf("\n## ", StringComparison.Ordinal);
        return end < 0 ? section : section[..end];
    }

    [GeneratedRegex(@"^\| `(?<key>[A-Za-z:]+)` \| (`(?<default>[^`]*)`)? ?\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();
}
