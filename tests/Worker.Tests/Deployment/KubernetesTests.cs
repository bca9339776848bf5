using k8s;
using k8s.Models;
using Worker.Hosting;
using Worker.RabbitMq;
using Worker.Tests.Telemetry;
using YamlDotNet.RepresentationModel;

namespace Worker.Tests.Deployment;

/// <summary>No cluster takes the manifests here: they are read as one would read them, and what they name has to be there.</summary>
public sealed class KubernetesTests
{
    private static readonly string Base = Path.Combine(Repository.Root, "deploy", "kubernetes", "base");
    private static readonly string Keda = Path.Combine(Repository.Root, "deploy", "kubernetes", "keda");

    private static readonly V1Deployment Workers = Read<V1Deployment>("deployment.yaml");

    private static V1PodSpec Pod => Workers.Spec.Template.Spec;

    private static V1Container Container => Pod.Containers.ShouldHaveSingleItem();

    [Theory]
    [InlineData("base")]
    [InlineData("keda")]
    public void Every_manifest_is_taken_and_is_there(string folder)
    {
        var path = Path.Combine(Repository.Root, "deploy", "kubernetes", folder);
        var taken = Yaml(Path.Combine(path, "kustomization.yaml")).Single()["resources"].ShouldBeOfType<YamlSequenceNode>().Select(each => each.ToString()).ToList();

        taken.Where(each => !each.StartsWith("..", StringComparison.Ordinal)).ShouldBe(
            Directory.EnumerateFiles(path, "*.yaml").Select(file => Path.GetFileName(file)).Where(name => name != "kustomization.yaml"), ignoreOrder: true);
        foreach (var each in taken)
            Path.Exists(Path.Combine(path, each)).ShouldBeTrue(each);
    }

    [Fact]
    public void No_field_is_one_that_Kubernetes_does_not_know()
    {
        var files = Directory.EnumerateFiles(Base, "*.yaml").Where(file => Path.GetFileName(file) != "kustomization.yaml").ToList();
        files.Count.ShouldBeGreaterThan(3);
        foreach (var file in files)
            Should.NotThrow(() => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true), Path.GetFileName(file));

        Should.Throw<Exception>(() => KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(Base, "service.yaml")).Replace("targetPort", "targetProt", StringComparison.Ordinal), strict: true));
    }

    [Fact]
    public void Everything_is_about_the_pods_that_the_deployment_makes()
    {
        var labels = Workers.Spec.Template.Metadata.Labels;
        foreach (var selector in new[]
        {
            Workers.Spec.Selector.MatchLabels,
            Read<V1Service>("service.yaml").Spec.Selector,
            Read<V1PodDisruptionBudget>("disruption-budget.yaml").Spec.Selector.MatchLabels,
            Read<V1NetworkPolicy>("network-policy.yaml").Spec.PodSelector.MatchLabels,
        })
            selector.ShouldBeSubsetOf(labels);
    }

    [Fact]
    public void It_is_configured_with_keys_that_the_worker_has_and_passwords_come_from_a_secret()
    {
        var known = Settings.All.Select(setting => setting.Key).ToList();

        Container.Env.Select(each => each.Name.Replace("__", ":", StringComparison.Ordinal)).ShouldBeSubsetOf(known);
        Container.Env.Where(each => each.Name.StartsWith("ConnectionStrings", StringComparison.Ordinal))
            .Select(each => each.ValueFrom.SecretKeyRef.Name + "/" + each.ValueFrom.SecretKeyRef.Key)
            .ShouldBe(["worker/rabbitmq", "worker/mongodb"]);
        File.ReadAllText(Path.Combine(Base, "kustomization.yaml")).ShouldContain("create secret generic worker ");
    }

    [Fact]
    public void Probes_ask_for_health_where_it_is_told()
    {
        var port = Container.Ports.ShouldHaveSingleItem();
        Env("Front__HealthAddress").ShouldEndWith($":{port.ContainerPort}");
        new[] { Container.StartupProbe, Container.LivenessProbe, Container.ReadinessProbe }
            .Select(probe => (probe.HttpGet.Path, probe.HttpGet.Port.Value)).ShouldBe(
                [("/health/live", port.Name), ("/health/live", port.Name), ("/health/ready", port.Name)]);

        var service = Read<V1Service>("service.yaml").Spec.Ports.ShouldHaveSingleItem();
        (service.Port, service.TargetPort.Value).ShouldBe((port.ContainerPort, port.Name));
        Read<V1NetworkPolicy>("network-policy.yaml").Spec.Ingress.Single().Ports.Single().Port.Value.ShouldBe($"{port.ContainerPort}");
        Workers.Spec.Template.Metadata.Annotations["prometheus.io/port"].ShouldBe($"{port.ContainerPort}");
    }

    [Fact]
    public void It_has_longer_to_stop_than_it_takes() =>
        TimeSpan.FromSeconds(Pod.TerminationGracePeriodSeconds!.Value).ShouldBeGreaterThan(new WorkerOptions().ShutdownTimeout + TimeSpan.FromSeconds(5));

    [Fact]
    public void It_runs_without_any_privilege_and_writes_where_it_may()
    {
        (Pod.SecurityContext.RunAsNonRoot, Pod.SecurityContext.SeccompProfile.Type, Pod.AutomountServiceAccountToken).ShouldBe((true, "RuntimeDefault", false));
        (Container.SecurityContext.AllowPrivilegeEscalation, Container.SecurityContext.ReadOnlyRootFilesystem).ShouldBe((false, true));
        Container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);

        var places = Container.VolumeMounts.ToDictionary(mount => mount.MountPath, mount => mount.Name);
        places.Keys.ShouldContain(Env("Storage__Path"));
        places.Keys.ShouldContain("/tmp");
        places.Values.ShouldBe(Pod.Volumes.Select(volume => volume.Name), ignoreOrder: true);
        places.Keys.ShouldContain(path => path.StartsWith("/app/config/evaluators/", StringComparison.Ordinal));
    }

    [Fact]
    public void What_it_is_scaled_by_exists()
    {
        var documents = Yaml(Path.Combine(Keda, "scaled-object.yaml"));
        var authentication = documents.Single(each => each["kind"].ToString() == "TriggerAuthentication");
        var scaled = documents.Single(each => each["kind"].ToString() == "ScaledObject")["spec"];
        scaled["scaleTargetRef"]["name"].ToString().ShouldBe(Workers.Metadata.Name);
        var triggers = scaled["triggers"].ShouldBeOfType<YamlSequenceNode>().ToDictionary(each => each["type"].ToString());

        triggers["rabbitmq"]["metadata"]["queueName"].ToString().ShouldBe(RabbitMqTopology.IngestQueue);
        triggers["rabbitmq"]["metadata"]["protocol"].ToString().ShouldBe("http");
        triggers["rabbitmq"]["metadata"]["excludeUnacknowledged"].ToString().ShouldBe("false");
        triggers["rabbitmq"]["authenticationRef"]["name"].ToString().ShouldBe(authentication["metadata"]["name"].ToString());
        var service = Read<V1Service>("service.yaml");
        triggers["metrics-api"]["metadata"]["url"].ToString().ShouldBe($"http://{service.Metadata.Name}.worker.svc:{service.Spec.Ports[0].Port}/metrics");
        Instruments.All().SelectMany(Instruments.InPrometheus).ShouldContain(triggers["metrics-api"]["metadata"]["valueLocation"].ToString());
    }

    private static string Env(string name) => Container.Env.Single(each => each.Name == name).Value;

    private static T Read<T>(string file) => KubernetesYaml.Deserialize<T>(File.ReadAllText(Path.Combine(Base, file)), strict: true);

    private static List<YamlNode> Yaml(string path)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(path);
        yaml.Load(reader);
        return [.. yaml.Documents.Select(document => document.RootNode)];
    }
}
