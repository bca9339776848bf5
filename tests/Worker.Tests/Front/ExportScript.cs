using System.Net;
using System.Text.Json.Nodes;

namespace Worker.Tests.Front;

/// <summary>
/// The requests of the service's own export script, in its order and with its questions, and the files that it writes of
/// the answers. A refusal stops it, as it stops the script.
/// </summary>
internal sealed class ExportScript(FrontWorld world, string folder)
{
    private const int PageSize = 100;
    private const int LinesInFile = 1_000;

    private static readonly string[] Evaluated = ["prompt", "tool", "flow", "agent", "evaluator"];

    public async Task RunAsync()
    {
        var root = await AskAsync("/directories/root");
        var directory = await AskAsync($"/directories/{(string)root["id"]!}");
        await foreach (var file in PagesAsync($"/files?path={Uri.EscapeDataString((string)directory["path"]!)}"))
            await ExportAsync(file.AsObject());
    }

    private async Task ExportAsync(JsonObject file)
    {
        var (id, type) = ((string)file["id"]!, (string)file["type"]!);
        Write($"{id}/file.json", file);
        var versions = (await AskAsync($"/{type}s/{id}/versions"))["records"]!.AsArray();
        foreach (var version in versions)
            Write($"{id}/versions/{(string)version!["version_id"]!}", version);
        if (versions.Count > 0)
            Write($"{id}/deployments.json", new JsonArray([.. versions.SelectMany(Deployments)]));
        if (!Evaluated.Contains(type))
            return;
        await foreach (var evaluation in PagesAsync($"/evaluations?file_id={id}"))
            throw new InvalidOperationException($"There are no evaluations here, and one was listed: {evaluation}");
        var logs = new List<string>();
        await foreach (var log in PagesAsync($"/logs?file_id={id}&include_trace_children=true"))
            logs.Add(log.ToJsonString());
        foreach (var (lines, number) in logs.Chunk(LinesInFile).Select((lines, number) => (lines, number)))
            WriteText($"{id}/logs/{number + 1}.jsonl", string.Concat(lines.Select(line => line + "\n")));
        WriteText($"{id}/.done", "done\n");
    }

    private static IEnumerable<JsonNode> Deployments(JsonNode? version) => version!["environments"]!.AsArray().Select(slot => new JsonObject
    {
        ["version_id"] = (string)version["version_id"]!, ["environment_id"] = (string)slot!["id"]!,
        ["environment_name"] = (string)slot["name"]!, ["environment_tag"] = (string)slot["tag"]!,
    });

    /// <summary>A page, and while one is full, the next.</summary>
    private async IAsyncEnumerable<JsonNode> PagesAsync(string question)
    {
        for (var page = 1; ; page++)
        {
            var records = (await AskAsync($"{question}&page={page}&size={PageSize}"))["records"]!.AsArray();
            foreach (var record in records)
                yield return record!;
            if (records.Count < PageSize)
                yield break;
        }
    }

    private async Task<JsonNode> AskAsync(string path)
    {
        var (status, json) = await world.GetAsync("/v5" + path);
        status.ShouldBe(HttpStatusCode.OK, path);
        return json.ShouldNotBeNull();
    }

    private void Write(string name, JsonNode json) => WriteText(name, json.ToJsonString());

    private void WriteText(string name, string text)
    {
        var path = Path.Combine(folder, "files", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
