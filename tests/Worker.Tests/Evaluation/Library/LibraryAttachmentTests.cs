using System.Net;
using Worker.Evaluation;
using Worker.Tests.Front;
using Worker.Traces;

namespace Worker.Tests.Evaluation.Library;

/// <summary>The two ways to attach one that the page of the library names.</summary>
public sealed class LibraryAttachmentTests(LibraryWorld world) : IClassFixture<LibraryWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_copy_with_a_path_of_its_own_judges_beside_the_one_that_it_was_made_of()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in LibraryWorld.Names)
        {
            var text = File.ReadAllText(Path.Combine(LibraryWorld.Folder, $"{name}.yaml"));
            folder.Write($"{name}.yaml", text);
            folder.Write($"copy-of-{name}.yaml", text.Replace("path: library/", "attach: [{ kind: flow, path: support/** }]\npath: support/", StringComparison.Ordinal));
        }

        var catalog = new EvaluatorCatalog(new EvaluatorFolder(world.Reader(), folder.Path));

        catalog.All.Count.ShouldBe(48);
        Attached(catalog, "support/answer").ShouldBe(LibraryWorld.Names.Select(name => $"support/{name}"));
        Attached(catalog, "sales/answer").ShouldBeEmpty();
    }

    [Fact]
    public async Task By_HTTP_it_is_attached_to_a_File_as_the_files_hold_it()
    {
        var catalog = new EvaluatorCatalog(new EvaluatorFolder(world.Reader(), LibraryWorld.Folder));
        await using var front = await FrontWorld.StartAsync();
        var versions = new EvaluatorVersions(catalog, front.Store, world.Reader());
        await versions.StoreAsync(Token);
        var flow = DerivedIds.File(LogKind.Flow, "support/answer");
        await front.PostAsync("/v5/flows/log", """{"path":"support/answer","output":"x"}""");
        await front.DrainAsync();

        foreach (var name in (string[])["no-refusal", "latency", "helpfulness"])
        {
            var id = catalog.All.Single(each => each.Path == $"library/{name}").Id;
            var (status, _) = await front.PostAsync(
                $"/v5/flows/{flow}/evaluators",
                $$"""{"activate":[{"evaluator_id":"{{id}}","environment_id":"production"}]}""");
            status.ShouldBe(HttpStatusCode.OK);
        }

        await front.DrainAsync();
        var refused = await new StoredAttachments(front.Store, front.Store, catalog, versions).RefreshAsync(Token);

        refused.ShouldBeEmpty();
        Attached(catalog, "support/answer", flow)
            .ShouldBe(["library/helpfulness", "library/latency", "library/no-refusal"]);
        Attached(catalog, "sales/answer").ShouldBeEmpty();
    }

    private static IEnumerable<string> Attached(EvaluatorCatalog catalog, string path, string? fileId = null) =>
        catalog.AttachedTo(Some.FlowLog(fields: [(LogFields.Path, $"\"{path}\"")]) with
        {
            Resolution = new Resolution(fileId ?? "fl_other", null, VersionSource.Empty, null),
        }).Select(each => each.Path);
}
