using System.IO.Compression;
using System.Xml.Linq;

namespace Worker.Client.Tests;

/// <summary>What a producer gets who references the package, and not this repository.</summary>
public sealed class ClientPackageTests
{
    private static ZipArchive Package =>
        ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Worker.Client.nupkg"));

    [Fact]
    public void The_package_holds_an_assembly_and_its_documentation_for_every_framework_and_a_page()
    {
        using var package = Package;
        var files = package.Entries.Select(entry => entry.FullName).ToList();

        files.Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).ShouldBe(
            [
                "lib/net8.0/Worker.Client.dll", "lib/net8.0/Worker.Client.xml",
                "lib/net10.0/Worker.Client.dll", "lib/net10.0/Worker.Client.xml",
            ],
            ignoreOrder: true);
        files.ShouldContain("README.md");
    }

    [Fact]
    public void The_package_needs_the_contracts_the_brokers_client_and_abstractions_alone()
    {
        using var package = Package;
        using var stream = package.GetEntry("Worker.Client.nuspec")!.Open();
        var groups = XDocument.Load(stream).Descendants().Where(element => element.Name.LocalName == "group");

        groups.Select(group => string.Join(' ', group.Elements().Select(each => each.Attribute("id")!.Value).Order()))
            .ShouldBe(Enumerable.Repeat("Microsoft.Extensions.Hosting.Abstractions RabbitMQ.Client Worker.Contracts", 2));
    }

    [Fact]
    public void The_page_names_every_option_and_every_count()
    {
        using var package = Package;
        using var page = new StreamReader(package.GetEntry("README.md")!.Open());
        var text = page.ReadToEnd();

        foreach (var member in typeof(WorkerClientOptions).GetProperties().Concat(typeof(WorkerClientCounts).GetProperties()))
            text.ShouldContain($"`{member.Name}`");
    }
}
