using System.Reflection;
using System.Text.RegularExpressions;
using Worker.Hosting;
using Worker.Traces;

namespace Worker.Tests.Deployment;

/// <summary>What the documentation says of keys, messages, tests and code is so.</summary>
public sealed partial class DocsTests
{
    private static readonly string[] Pages =
        [.. Directory.EnumerateFiles(Repository.Root, "*.md"), .. Directory.EnumerateFiles(
            Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)];

    [Fact]
    public void The_configuration_table_has_every_key_with_its_default()
    {
        var rows = Row().Matches(Page("configuration")).ToDictionary(
            row => row.Groups["key"].Value, row => row.Groups["default"].Value);
        rows.Keys.ShouldBe(Settings.All.Select(setting => setting.Key), ignoreOrder: true);
        foreach (var setting in Settings.All)
            rows[setting.Key].ShouldBe(setting.DefaultText, setting.Key);
    }

    [Fact]
    public void The_message_reference_has_every_type_and_every_field()
    {
        var messages = Page("messages");
        foreach (var kind in Enum.GetValues<MessageKind>())
            messages.ShouldContain($"`{kind.WireName()}`");
        foreach (var field in LogFields.All)
            messages.ShouldMatch($@"[`{{ ]{field.Name}[`{{,}}]");
        foreach (var reason in Enum.GetValues<RefusalReason>())
            messages.ShouldContain($"`{reason.WireName()}`");
    }

    [Fact]
    public void Every_guarantee_names_tests_that_exist()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var guarantees = Page("guarantees").Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).ToList();
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
    public void Every_name_in_the_architecture_is_one_of_the_code()
    {
        var types = typeof(WorkerHost).Assembly.GetTypes();
        var members = types.SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly));
        var known = types.Concat(members).Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", "Worker"), "*", SearchOption.AllDirectories).Select(Path.GetFileName);

        var names = CodeName().Matches(Page("architecture")).Select(match => match.Groups[1].Value).ToHashSet(
            StringComparer.Ordinal);
        names.Count.ShouldBeGreaterThan(30);
        names.Except(known).Except(folders).ShouldBeEmpty();
    }

    [Fact]
    public void Every_page_is_reached_from_the_README_or_the_list_of_decisions()
    {
        var links = new[] { Path.Combine(Repository.Root, "README.md"), Path.Combine(Repository.Root, "docs", "decisions", "README.md") }
            .SelectMany(Links).ToHashSet(StringComparer.Ordinal);
        Pages.Where(page => Path.GetDirectoryName(page) != Repository.Root).Except(links).ShouldBeEmpty();
    }

    [Fact]
    public void Every_link_leads_somewhere()
    {
        foreach (var page in Pages)
        {
            foreach (var link in Links(page))
                Path.Exists(link).ShouldBeTrue($"{page} → {link}");
        }
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", name + ".md"));

    private static IEnumerable<string> Links(string page) => Link().Matches(File.ReadAllText(page))
        .Select(match => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, match.Groups[1].Value)));

    [GeneratedRegex(
        @"^\| `(?<key>[A-Za-z:]+)` \| (`(?<default>[^`]*)`)? ?\|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("`([A-Z][A-Za-z0-9]+)`")]
    private static partial Regex CodeName();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();
}
