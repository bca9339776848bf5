using Microsoft.Extensions.Time.Testing;
using Worker.Testing.Contracts;
using Worker.Testing.Transfer;
using Worker.Tests.Evaluation;
using Worker.Transfer;

namespace Worker.Tests.Transfer;

/// <summary>What an export leaves where, and how it goes on.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TransferWorld _world = new(StoreUnderTest.Of(new InMemoryStore()), new FakeTimeProvider(Some.Time.AddYears(1)));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_thousand_logs_are_in_a_file_at_most()
    {
        await LogAsync(2_001, "\"path\":\"a\",");

        (await _world.ExportAsync(_folder.Path)).Logs.ShouldBe(2_001);

        var folder = ExportLayout.FoldersOfFiles(_folder.Path).ShouldHaveSingleItem();
        ExportLayout.LogFiles(folder).Select(file => File.ReadLines(file).Count()).ShouldBe([1_000, 1_000, 1]);
        File.Exists(Path.Combine(folder, ".done")).ShouldBeTrue();
    }

    [Fact]
    public async Task Logs_without_a_file_lie_beside_the_files()
    {
        await LogAsync(3, "");

        (await _world.ExportAsync(_folder.Path)).WithoutFile.ShouldBe(3);

        File.ReadLines(Path.Combine(_folder.Path, "logs", "1.jsonl")).Count().ShouldBe(3);
        ExportLayout.FoldersOfFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_not_whole_is_written_anew_and_one_that_is_stays()
    {
        await _world.ImportAsync(TransferContract<InMemoryTestStore>.HandMade);
        await _world.ExportAsync(_folder.Path);
        var tool = Path.Combine(_folder.Path, "files", "tl_Find21");
        var prompt = Path.Combine(_folder.Path, "files", "pr_Answer21", "file.json");
        File.Delete(Path.Combine(tool, ".done"));
        File.WriteAllText(Path.Combine(tool, "logs", "7.jsonl.tmp"), "{\"ha");
        File.WriteAllText(Path.Combine(tool, "logs", "8.jsonl"), "{\"ha");
        File.WriteAllText(prompt, "as it was");

        var counts = await _world.ExportAsync(_folder.Path);

        (counts.Files, counts.Passed).ShouldBe((1, 4));
        Directory.EnumerateFiles(Path.Combine(tool, "logs")).Select(Path.GetFileName).ShouldBe(["1.jsonl"]);
        File.Exists(Path.Combine(tool, ".done")).ShouldBeTrue();
        (await File.ReadAllTextAsync(prompt, TestContext.Current.CancellationToken)).ShouldBe("as it was");
    }

    [Theory]
    [InlineData("prv_1", "prv_1")]
    [InlineData("../../etc", "%2E./../etc")]
    [InlineData(".done", "%2Edone")]
    [InlineData("a b\u2603", "a%20b%E2%98%83")]
    public void An_id_is_a_name_that_leads_nowhere_else(string id, string name) =>
        FileName.Of(id).ShouldBe(name.Replace("/", "%2F", StringComparison.Ordinal));

    [Fact]
    public void Long_ids_have_names_of_their_own()
    {
        var (one, other) = (FileName.Of(new string('\u2603', 80) + "1"), FileName.Of(new string('\u2603', 80) + "2"));

        one.ShouldNotBe(other);
        one.Length.ShouldBeLessThanOrEqualTo(200);
    }

    private Task LogAsync(int count, string file) => _world.TakeInAsync(Enumerable.Range(0, count).Select(number => new Worker.Storage.InboxMessage
    {
        Type = "tool.logged",
        Body = System.Text.Encoding.UTF8.GetBytes($$"""{"log_id":"t{{number}}",{{file}}"output":"x"}"""),
        ReceivedAt = Some.Time.AddSeconds(number),
    }));
}
