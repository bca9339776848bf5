using System.Text.RegularExpressions;
using Worker.Hosting;
using YamlDotNet.RepresentationModel;

namespace Worker.Tests.Deployment;

/// <summary>No engine runs the containers here: what the files name has to be there.</summary>
public sealed partial class ContainerFilesTests
{
    private static readonly YamlMappingNode Compose = Load("docker-compose.yml");

    [Fact]
    public void Every_path_that_compose_takes_from_here_exists()
    {
        var paths = Services().SelectMany(service => Texts(service, "volumes")).Where(volume => volume.StartsWith('.')).Select(volume => volume.Split(':')[0]).ToList();
        paths.ShouldNotBeEmpty();
        foreach (var path in paths)
            Path.Exists(Path.Combine(Repository.Root, path)).ShouldBeTrue(path);
    }

    [Fact]
    public void Every_service_keeps_its_data_on_a_declared_volume_tells_its_health_and_does_not_run_as_root()
    {
        var declared = ((YamlMappingNode)Compose["volumes"]).Children.Keys.Select(key => key.ToString()).ToList();
        foreach (var service in Services())
        {
            var named = Texts(service, "volumes").Where(volume => !volume.StartsWith('.')).Select(volume => volume.Split(':')[0]).ToList();
            named.ShouldNotBeEmpty();
            named.ShouldBeSubsetOf(declared);
            Texts((YamlMappingNode)service["healthcheck"], "test").ShouldNotBeEmpty();
            (service.Children.ContainsKey("user") || Instructions().Contains("USER $APP_UID")).ShouldBeTrue();
        }
    }

    [Fact]
    public void The_worker_waits_for_services_that_are_there_and_tell_their_health()
    {
        var services = (YamlMappingNode)Compose["services"];
        foreach (var (name, how) in (YamlMappingNode)Worker()["depends_on"])
        {
            ((YamlMappingNode)services[name]).Children.ShouldContainKey("healthcheck");
            how["condition"].ToString().ShouldBe("service_healthy");
        }
    }

    [Fact]
    public void The_health_check_is_the_workers_own_and_has_the_time_that_it_takes()
    {
        var check = Instructions().Single(line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        var command = Instructions()[Instructions().IndexOf(check) + 1].Trim();
        command.ShouldBe("""CMD ["/app/worker", "health", "ready"]""");

        var health = (YamlMappingNode)Worker()["healthcheck"];
        Texts(health, "test").ShouldBe(["CMD", "/app/worker", "health", "ready"]);
        health["timeout"].ToString().ShouldBe("10s");
        check.ShouldContain("--timeout=10s");
        ((YamlMappingNode)Worker()["environment"]).Children.ShouldNotContainKey("Front__Enabled");
    }

    [Fact]
    public void The_worker_is_configured_with_keys_that_it_has()
    {
        var known = Settings.All.Select(setting => setting.Key).ToList();
        var keys = ((YamlMappingNode)Worker()["environment"]).Children.Keys.Select(key => key.ToString()).ToList();
        keys.AddRange(Instructions().Where(line => line.StartsWith("ENV ", StringComparison.Ordinal)).SelectMany(line => Assignment().Matches(line).Select(match => match.Groups[1].Value)));
        keys.Count.ShouldBeGreaterThan(3);
        keys.Select(key => key.Replace("__", ":", StringComparison.Ordinal)).ShouldBeSubsetOf(known);
    }

    [Fact]
    public void No_password_is_shipped()
    {
        var passwords = Services().SelectMany(service => (YamlMappingNode)service["environment"])
            .Where(variable => variable.Key.ToString().Contains("PASS", StringComparison.Ordinal) || variable.Value.ToString().Contains('@', StringComparison.Ordinal))
            .ToList();
        passwords.Count.ShouldBe(4);
        passwords.ShouldAllBe(variable => variable.Value.ToString().Contains("PASSWORD:?", StringComparison.Ordinal));
    }

    [Fact]
    public void The_image_copies_what_is_there_and_what_is_not_ignored()
    {
        var kept = File.ReadLines(Path.Combine(Repository.Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var sources = Instructions()
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1])
            .ToList();
        sources.Count.ShouldBeGreaterThan(5);
        foreach (var source in sources)
        {
            Path.Exists(Path.Combine(Repository.Root, source)).ShouldBeTrue(source);
            kept.ShouldContain(
                keep => source.TrimEnd('/') == keep || source.StartsWith(keep + "/", StringComparison.Ordinal), source);
        }
    }

    [Fact]
    public void The_management_page_can_move_letters()
    {
        var plugins = File.ReadAllText(Path.Combine(Repository.Root, "config", "rabbitmq", "enabled_plugins"));
        foreach (var plugin in new[] { "rabbitmq_management", "rabbitmq_shovel", "rabbitmq_shovel_management" })
            plugins.ShouldContain(plugin);
    }

    private static YamlMappingNode Worker() => (YamlMappingNode)Compose["services"]["worker"];

    private static IEnumerable<YamlMappingNode> Services() =>
        ((YamlMappingNode)Compose["services"]).Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<string> Texts(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var list) ? ((YamlSequenceNode)list).Select(item => item.ToString()) : [];

    private static List<string> Instructions() => [.. File.ReadLines(Path.Combine(Repository.Root, "Dockerfile"))];

    private static YamlMappingNode Load(string file)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Repository.Root, file));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    [GeneratedRegex(@"(\w+)=\S+")]
    private static partial Regex Assignment();
}
