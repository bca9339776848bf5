using System.Text.Json.Nodes;

namespace Worker.IntegrationTests.Support;

/// <summary>Programs and sources that these tests alone need.</summary>
internal static class ProgramsHere
{
    extension(Programs)
    {
        /// <summary>A file of the integration tests' own sources, e.g. a producer's script.</summary>
        public static string Source(params string[] parts) =>
            Path.Combine([Programs.Repository, "tests", "Worker.IntegrationTests", .. parts]);

        /// <summary>Node, which finds the client of the service that is gone; the test is skipped where it does not.</summary>
        public static async Task<string> NodeWithHumanloopAsync()
        {
            var node = await Programs.FindAsync(
                ["node"],
                "-e",
                $"require.resolve('humanloop', {{ paths: [{JsonValue.Create(Programs.Sample("node")).ToJsonString()}] }})");
            Assert.SkipWhen(
                node is null, "Needs node with humanloop: ./test.sh installs it, else npm install --prefix samples/node.");
            return node!;
        }
    }
}
