using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Worker.Files;
using Worker.IntegrationTests.Support;
using Worker.Traces;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.IntegrationTests;

/// <summary>
/// Ids that a producer in any language can compute: one list of golden vectors, three implementations.
/// </summary>
public sealed class DerivedIdTests
{
    [Fact]
    public void The_worker_computes_the_golden_vectors()
    {
        var vectors = JsonNode.Parse(File.ReadAllText(Programs.Source("Vectors", "vectors.json")))!.AsArray();

        vectors.Count.ShouldBeGreaterThan(40);
        foreach (var vector in vectors)
        {
            var given = vector!["given"]!.AsArray();
            Compute(vector["of"]!.GetValue<string>(), given).ShouldBe(
                vector["expected"]!.GetValue<string>(), vector.ToJsonString());
        }
    }

    [Fact]
    public async Task JavaScript_computes_the_golden_vectors()
    {
        var node = await Programs.FindAsync(["node"], "--version");
        Assert.SkipWhen(node is null, "Needs node on the PATH: ./test.sh installs it where apt-get can.");

        var result = await Programs.RunAsync(node!, [Programs.Source("Vectors", "derived_ids.js")]);

        result.ExitCode.ShouldBe(0, result.Error);
    }

    [Fact]
    public async Task Python_computes_the_golden_vectors()
    {
        var python = await Programs.FindAsync(["python3", "/usr/bin/python3"], "--version");
        Assert.SkipWhen(python is null, "Needs python3 on the PATH: ./test.sh installs it where apt-get can.");

        var result = await Programs.RunAsync(python!, [Programs.Source("Vectors", "derived_ids.py")]);

        result.ExitCode.ShouldBe(0, result.Error);
    }

    private static string Compute(string of, JsonArray given)
    {
        return of switch
        {
            "canonical" => Canonical(Text(0)!),
            "file" => DerivedIds.File(Kind(), Text(1)!),
            "version" => DerivedIds.Version(
                Kind(), Text(1)!, VersionDetails.Normalise(Kind(), JsonValue.Parse(Text(2)!))),
            "log_of_body" => DerivedIds.LogOfBody(Text(0)!),
            "log_of_span" => DerivedIds.LogOfSpan(Text(0)!, Text(1)!),
            "evaluator_log" => DerivedIds.EvaluatorLog(Text(0)!, given[1]!.GetValue<int>(), Text(2)!, Text(3)!),
            "dead_letter" => DerivedIds.DeadLetter(Text(0), Text(1)!, Text(2)!),
            "run" => DerivedIds.Run(Text(0)!).ToString(),
            _ => throw new InvalidOperationException($"vectors.json has '{of}', which this test does not compute."),
        };

        string? Text(int index) => given[index]?.GetValue<string>();
        LogKind Kind() => Enum.Parse<LogKind>(Text(0)!, ignoreCase: true);
    }

    private static string Canonical(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(Encoding.UTF8.GetBytes(json), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
