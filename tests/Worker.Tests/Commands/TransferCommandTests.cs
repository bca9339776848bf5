using System.Text.Json.Nodes;
using Worker.Commands;
using Worker.Testing.Contracts;
using Worker.Tests.Evaluation;

namespace Worker.Tests.Commands;

/// <summary><c>worker import</c> and <c>worker export</c>, as a user calls them.</summary>
public sealed class TransferCommandTests : IDisposable
{
    private readonly CommandLine _worker = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _position = Path.GetTempFileName();

    public void Dispose()
    {
        _worker.Dispose();
        _folder.Dispose();
        File.Delete(_position);
    }

    [Fact]
    public async Task An_import_says_what_it_took_and_what_it_left_out()
    {
        var (exitCode, output, error) = await _worker.RunAsync(
            "import", TransferContract<InMemoryTestStore>.HandMade, "--json", "--position", _position);

        exitCode.ShouldBe(ExitCodes.Done, error);
        error.ShouldContain("The Logs are history");
        error.ShouldContain("No place here, and left out: 1 Dataset, 1 evaluation, 1 Agent and 1 Agent Log.");
        error.ShouldContain("7 credentials");
        var counts = JsonNode.Parse(output)!;
        ((int)counts["messages"]!, (int)counts["skipped"]!, (int)counts["left_out"]!["datasets"]!).ShouldBe((37, 0, 1));
    }

    [Fact]
    public async Task A_dry_run_sends_nothing_and_makes_no_store()
    {
        var (exitCode, output, error) = await _worker.RunAsync(
            "import", TransferContract<InMemoryTestStore>.HandMade, "--dry-run", "--json");

        exitCode.ShouldBe(ExitCodes.Done, error);
        error.ShouldContain("Nothing was sent.");
        ((int)JsonNode.Parse(output)!["messages"]!).ShouldBe(37);
        Directory.Exists(_worker.Storage).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_something_is_passed_over_it_ends_with_1()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "files", "x"));
        _folder.Write("files/x/file.json", "{");

        var (exitCode, _, error) = await _worker.RunAsync("import", _folder.Path);

        exitCode.ShouldBe(ExitCodes.SomeFailed);
        error.ShouldContain("files/x/file.json: it is no JSON");
        error.ShouldContain("1 item passed over");
    }

    [Fact]
    public async Task What_is_no_export_and_what_is_no_store_is_said()
    {
        var (exitCode, _, error) = await _worker.RunAsync("import", _folder.Path);
        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldContain("has no folder files in it");

        (await _worker.RunAsync("export", _folder.Path)).ExitCode.ShouldBe(ExitCodes.NotFound);
    }
}
