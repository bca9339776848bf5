using System.Reflection;
using System.Text.RegularExpressions;
using Worker.Tests.Deployment;
using Worker.Traces;

namespace Worker.Tests;

public sealed partial class ArchitectureTests
{
    private static readonly Assembly Product = typeof(Log).Assembly;

    [Fact]
    public void The_domain_names_nothing_but_the_base_class_library() =>
        Usings("Traces").Where(named => !named.Namespace.StartsWith("System", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void The_domain_knows_no_clock_no_token_and_no_task()
    {
        var outsiders = new[] { typeof(TimeProvider), typeof(CancellationToken), typeof(Task), typeof(ValueTask), typeof(IServiceProvider) };

        (from type in Product.GetTypes()
         where type.Namespace == "Worker.Traces"
         from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
         from used in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
         where outsiders.Any(outsider => outsider.IsAssignableFrom(used))
         select $"{type.Name}.{method.Name}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("MassTransit", "Evaluation")]
    [InlineData("RabbitMQ.Client", "Ingestion/RabbitMq")]
    [InlineData("Microsoft.Data.Sqlite", "Storage/Sqlite")]
    [InlineData("SQLitePCL", "Storage/Sqlite")]
    [InlineData("YamlDotNet", "Evaluation")]
    [InlineData("Spectre.Console", "Commands")]
    [InlineData("System.CommandLine", "Commands")]
    public void A_technology_stays_in_its_folder(string technology, string folder)
    {
        var users = Usings("").Where(named => named.Namespace == technology || named.Namespace.StartsWith(technology + ".", StringComparison.Ordinal)).ToList();

        users.ShouldNotBeEmpty();
        users.Where(named => !named.File.StartsWith(folder + "/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Stores_do_not_know_each_other()
    {
        Usings("Storage/Sqlite").Where(named => named.Namespace == "Worker.Storage.MongoDb").ShouldBeEmpty();
        Usings("Storage/MongoDb").Where(named => named.Namespace == "Worker.Storage.Sqlite").ShouldBeEmpty();
    }

    [Fact]
    public void Classes_are_sealed_unless_they_are_made_to_be_derived_from() =>
        Product.GetTypes()
            .Where(type => type.IsClass && !type.IsAbstract && !type.IsSealed && type.FullName!.StartsWith("Worker.", StringComparison.Ordinal))
            .Where(type => !Product.GetTypes().Any(derived => derived.BaseType == type))
            .Select(type => type.FullName)
            .ShouldBeEmpty();

    private static IEnumerable<(string File, string Namespace)> Usings(string folder)
    {
        var root = Path.Combine(Repository.Root, "src", "Worker");
        var below = Path.Combine(root, folder);
        return !Directory.Exists(below)
            ? []
            : from file in Directory.EnumerateFiles(below, "*.cs", SearchOption.AllDirectories)
              let name = Path.GetRelativePath(root, file).Replace('\\', '/')
              where !name.StartsWith("obj/", StringComparison.Ordinal) && !name.StartsWith("bin/", StringComparison.Ordinal)
              from Match match in Using().Matches(File.ReadAllText(file))
              select (name, match.Groups[1].Value);
    }

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
