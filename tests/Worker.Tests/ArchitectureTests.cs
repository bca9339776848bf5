using System.Reflection;
using System.Text.RegularExpressions;
using Worker.Tests.Deployment;
using Worker.Traces;

namespace Worker.Tests;

public sealed partial class ArchitectureTests
{
    private static readonly Assembly Product = typeof(Log).Assembly;

    /// <summary>Every room, and the rooms that it may name. There is no way back along any of these.</summary>
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["Errors"] = [],
        ["Telemetry"] = [],
        ["Traces"] = [],
        ["Files"] = ["Traces"],
        ["Runs"] = ["Traces"],
        ["Storage"] = ["Errors", "Telemetry", "Traces", "Files", "Runs"],
        ["RabbitMq"] = ["Errors"],
        ["Models"] = [],
        ["Masking"] = ["Telemetry"],
        ["Diagnostics"] = ["Errors", "Storage"],
        ["DeadLetters"] = ["Errors", "Traces", "Storage", "RabbitMq"],
        ["Audit"] = ["Errors", "Storage", "DeadLetters"],
        ["Evaluation"] =
        [
            "Errors", "Telemetry", "Traces", "Files", "Runs", "Storage", "RabbitMq", "Models", "Reading", "Diagnostics",
            "Audit",
        ],
        ["Assessment"] = ["Errors", "Traces", "Files", "Runs", "Storage", "Evaluation", "Reading"],
        ["Alerts"] = ["Errors", "Traces", "Runs", "Storage", "DeadLetters", "Evaluation", "Reading"],
        ["Ingestion"] =
        [
            "Errors", "Telemetry", "Traces", "Files", "Runs", "Storage", "RabbitMq", "DeadLetters", "Evaluation",
            "Diagnostics", "Masking",
        ],
        ["Retention"] =
            ["Errors", "Traces", "Files", "Runs", "Storage", "DeadLetters", "Evaluation", "Ingestion", "Audit"],
        ["Publishing"] = ["Errors", "Telemetry", "Traces", "Storage", "RabbitMq", "Ingestion", "Masking"],
        ["Reading"] = ["Errors", "Traces", "Files", "Runs", "Storage"],
        ["Viewer"] =
        [
            "Errors", "Traces", "Files", "Runs", "Storage", "DeadLetters", "Evaluation", "Ingestion", "Publishing",
            "Reading", "Front", "Diagnostics", "Audit", "Assessment",
        ],
        ["Front"] =
        [
            "Errors", "Traces", "Files", "Storage", "Models", "Ingestion", "Publishing", "Reading", "Diagnostics",
            "Masking", "Audit",
        ],
        ["Transfer"] = ["Errors", "Traces", "Files", "Storage", "Ingestion", "Publishing", "Reading", "Masking"],
    };

    /// <summary>Leaves that serve another room, too: how files are read, and the client that stays within bounds.</summary>
    private static readonly Dictionary<string, string[]> Lent = new()
    {
        ["Alerts"] = ["Worker.Evaluation.Yaml", "Worker.Evaluation.Webhooks"],
    };

    /// <summary>Who puts rooms together, or speaks to people about all of them.</summary>
    private static readonly string[] Composers = ["Commands", "Hosting"];

    public static TheoryData<string> RoomNames => [.. Rooms.Keys];

    [Fact]
    public void Every_folder_is_a_room_with_its_arrows() =>
        Folders().Except(Composers).Order(StringComparer.Ordinal).ShouldBe(Rooms.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(RoomNames))]
    public void A_room_names_no_room_but_those_it_stands_on(string room) =>
        Usings(room)
            .Where(named => named.Namespace.StartsWith("Worker.", StringComparison.Ordinal) && named.Namespace != "Worker.Contracts")
            .Select(named => (named.File, Room: named.Namespace.Split('.')[1]))
            .Where(named => named.Room != room && !Rooms[room].Contains(named.Room))
            .ShouldBeEmpty();

    /// <summary>Said once for all: who may be named by everybody, and that the domain is below the store.</summary>
    [Fact]
    public void The_table_of_rooms_names_every_arrow()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md")))
            .Where(row => Rooms.ContainsKey(row.Groups["room"].Value))
            .ToDictionary(row => row.Groups["room"].Value, row => RoomName().Matches(row.Groups["on"].Value)
                .Select(name => name.Value).Where(Rooms.ContainsKey).Order(StringComparer.Ordinal));

        rows.Keys.Order(StringComparer.Ordinal).ShouldBe(Rooms.Keys.Order(StringComparer.Ordinal));
        foreach (var (room, on) in Rooms)
        {
            string[] free = on.Contains("Storage") ? ["Errors", "Telemetry", "Traces", "Files", "Runs"] : ["Errors", "Telemetry"];
            rows[room].ShouldBe(on.Except(free).Order(StringComparer.Ordinal), room);
        }
    }

    [Fact]
    public void No_two_rooms_stand_on_each_other()
    {
        foreach (var room in Rooms.Keys)
            Below(room, []).ShouldNotContain(room);
    }

    /// <summary>
    /// A leaf is named by its own room, by other rooms' leaves of the same technology, by a room that it is lent to, and
    /// by who puts rooms together.
    /// </summary>
    [Fact]
    public void Nobody_but_its_room_names_a_leaf() =>
        Usings("")
            .Where(named => named.Namespace.StartsWith("Worker.", StringComparison.Ordinal) && named.Namespace.Split('.') is { Length: > 2 })
            .Where(named => named.File.Split('/')[0] is var room && room != named.Namespace.Split('.')[1] && room != "Hosting")
            .Where(named => named.File.Split('/')[1] != named.Namespace.Split('.')[2])
            .Where(named => !Lent.GetValueOrDefault(named.File.Split('/')[0], []).Contains(named.Namespace))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Traces")]
    [InlineData("Files")]
    [InlineData("Runs")]
    public void The_domain_names_nothing_but_the_base_class_library_and_itself(string room) =>
        Usings(room)
            .Where(named => !named.Namespace.StartsWith("System", StringComparison.Ordinal) && named.Namespace != "Worker.Traces")
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Traces")]
    [InlineData("Files")]
    [InlineData("Runs")]
    public void The_domain_knows_no_clock_no_token_and_no_task(string room)
    {
        var outsiders = new[] { typeof(TimeProvider), typeof(CancellationToken), typeof(Task), typeof(ValueTask), typeof(IServiceProvider) };

        (from type in Product.GetTypes()
         where type.Namespace == "Worker." + room
         from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
         from used in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
         where outsiders.Any(outsider => outsider.IsAssignableFrom(used))
         select $"{type.Name}.{method.Name}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("MassTransit", "Evaluation/Bus")]
    [InlineData("MongoDB", "Storage/MongoDb")]
    [InlineData("Microsoft.Data.Sqlite", "Storage/Sqlite")]
    [InlineData("SQLitePCL", "Storage/Sqlite")]
    [InlineData("YamlDotNet", "Evaluation")]
    [InlineData("Jint", "Evaluation/JavaScript")]
    [InlineData("Acornima", "Evaluation/JavaScript")]
    [InlineData("OpenAI", "Evaluation/Models")]
    [InlineData("Microsoft.Extensions.AI", "Evaluation/Models")]
    [InlineData("System.ClientModel", "Evaluation/Models")]
    [InlineData("OpenTelemetry", "Telemetry/Export")]
    [InlineData("ModelContextProtocol", "Viewer/Mcp")]
    [InlineData("Spectre.Console", "Commands")]
    [InlineData("System.CommandLine", "Commands")]
    public void A_technology_stays_in_its_folder(string technology, string folder)
    {
        var users = Usings("").Where(named => named.Namespace == technology || named.Namespace.StartsWith(technology + ".", StringComparison.Ordinal)).ToList();

        users.ShouldNotBeEmpty();
        users.Where(named => !named.File.StartsWith(folder + "/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>Hosting builds the web host and asks the front to put itself in.</summary>
    [Fact]
    public void The_web_stays_in_the_front_and_the_viewer()
    {
        var users = Usings("").Where(named => named.Namespace.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)).ToList();

        users.ShouldNotBeEmpty();
        users.Where(named => !named.File.StartsWith("Front/", StringComparison.Ordinal)
                && !named.File.StartsWith("Viewer/", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldBe(("Hosting/WorkerHost.cs", "Microsoft.AspNetCore.Builder"));
    }

    [Fact]
    public void The_brokers_client_stays_where_the_broker_is_spoken_to() =>
        Usings("")
            .Where(named => named.Namespace.StartsWith("RabbitMQ.Client", StringComparison.Ordinal))
            .Select(named => named.File)
            .Where(file => !file.Contains("RabbitMq", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Stores_do_not_know_each_other()
    {
        Usings("Storage/Sqlite").Where(named => named.Namespace == "Worker.Storage.MongoDb").ShouldBeEmpty();
        Usings("Storage/MongoDb").Where(named => named.Namespace == "Worker.Storage.Sqlite").ShouldBeEmpty();
    }

    /// <summary>What else marked a Version could be reached by messages, and so run whatever they say.</summary>
    [Fact]
    public void Nobody_but_what_reads_the_files_marks_a_version_as_theirs()
    {
        var root = Path.Combine(Repository.Root, "src", "Worker");
        Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => Marking().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .ShouldBe(
                ["Evaluation/EvaluatorVersions.cs", "Storage/MongoDb/MongoFileStore.cs", "Storage/Sqlite/SqliteFileStore.cs"],
                ignoreOrder: true);
    }

    [Fact]
    public void Classes_are_sealed_unless_they_are_made_to_be_derived_from() =>
        Product.GetTypes()
            .Where(type => type.IsClass && !type.IsAbstract && !type.IsSealed && type.FullName!.StartsWith("Worker.", StringComparison.Ordinal))
            .Where(type => !Product.GetTypes().Any(derived => derived.BaseType == type))
            .Select(type => type.FullName)
            .ShouldBeEmpty();

    private static HashSet<string> Below(string room, HashSet<string> seen)
    {
        foreach (var below in Rooms[room].Where(seen.Add))
            Below(below, seen);
        return seen;
    }

    private static IEnumerable<string> Folders() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", "Worker")).Select(folder => Path.GetFileName(folder)).Where(name => name is not ("bin" or "obj"));

    private static IEnumerable<(string File, string Namespace)> Usings(string folder)
    {
        var root = Path.Combine(Repository.Root, "src", "Worker");
        var below = Path.Combine(root, folder);
        return !Directory.Exists(below)
            ? []
            : from file in Directory.EnumerateFiles(below, "*.cs", SearchOption.AllDirectories)
              let name = Path.GetRelativePath(root, file).Replace('\\', '/')
              where !name.StartsWith("obj/", StringComparison.Ordinal) && !name.StartsWith(
                  "bin/", StringComparison.Ordinal)
              from Match match in Using().Matches(File.ReadAllText(file))
              select (name, match.Groups["space"].Value);
    }

    [GeneratedRegex(@"^\| `src/Worker/(?<room>\w+)` \|.*\| (?<on>[^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\w+")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"IsFromFiles\s*=[^=>]")]
    private static partial Regex Marking();

    /// <summary>What is named statically, or by another name, is a type; its namespace is what counts.</summary>
    [GeneratedRegex(@"^using (?:(?:static |\w+ = )(?<space>[\w.]+)\.\w+|(?<space>[\w.]+));", RegexOptions.Multiline)]
    private static partial Regex Using();
}
