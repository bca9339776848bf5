using System.Text.Json;
using System.Xml.Linq;
using Worker.Contracts.Consumer;

namespace Worker.Tests.Contracts;

/// <summary>What a producer gets who references the package, and not this repository.</summary>
public sealed class ContractPackageTests
{
    private static readonly string[] Frameworks = ["netstandard2.0", "net8.0", "net10.0"];

    [Fact]
    public void The_package_holds_an_assembly_and_its_documentation_for_every_framework()
    {
        using var package = ContractPackage.Open();

        var files = package.Entries.Select(entry => entry.FullName).ToList();

        files.Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).ShouldBe(
            Frameworks.SelectMany(framework => new[] { $"lib/{framework}/Worker.Contracts.dll", $"lib/{framework}/Worker.Contracts.xml" }),
            ignoreOrder: true);
        files.ShouldContain("README.md");
    }

    [Fact]
    public void The_package_says_what_it_is_under_which_licence_and_needs_nothing_where_the_framework_has_all()
    {
        using var package = ContractPackage.Open();
        using var stream = package.GetEntry("Worker.Contracts.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();

        Element(metadata, "id").Value.ShouldBe("Worker.Contracts");
        Element(metadata, "license").Value.ShouldBe("MIT");
        Element(metadata, "readme").Value.ShouldBe("README.md");
        Element(metadata, "description").Value.ShouldNotBeEmpty();
        Element(metadata, "tags").Value.ShouldContain("rabbitmq");
        Element(metadata, "dependencies").Elements()
            .Select(group => $"{group.Attribute("targetFramework")!.Value}: {string.Join(' ', group.Elements().Select(package => package.Attribute("id")!.Value))}")
            .ShouldBe([".NETStandard2.0: System.Text.Json", "net8.0: ", "net10.0: "], ignoreOrder: true);
    }

    [Fact]
    public void The_page_in_the_package_names_every_message_and_its_type()
    {
        using var package = ContractPackage.Open();
        using var page = new StreamReader(package.GetEntry("README.md")!.Open());
        var text = page.ReadToEnd();

        foreach (var (type, message) in EveryMessage.All)
            text.ShouldContain($"| `{message.GetType().Name}` | `{type}` |");
    }

    // A library for netstandard2.0 meets the assembly of the program that uses it, whichever that is.
    [Theory]
    [InlineData("netstandard2.0", "netstandard2.0")]
    [InlineData("netstandard2.0", "net8.0")]
    [InlineData("netstandard2.0", "net10.0")]
    [InlineData("net8.0", "net8.0")]
    [InlineData("net8.0", "net10.0")]
    public async Task What_is_compiled_for_one_framework_writes_the_same_with_the_assembly_of_another(
        string compiledFor, string assemblyFor)
    {
        var written = await ContractPackage.RunConsumerAsync(
            compiledFor, assemblyFor, TestContext.Current.CancellationToken);

        written.Trim().Split('\n').Select(line => line.TrimEnd('\r'))
            .ShouldBe(
                EveryMessage.All.Select(message => $"{message.Type} {JsonSerializer.Serialize(message.Message)}"));
    }

    private static XElement Element(XElement parent, string name) =>
        parent.Elements().Single(element => element.Name.LocalName == name);
}
