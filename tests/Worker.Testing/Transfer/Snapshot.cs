using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;
using Worker.Transfer;

namespace Worker.Testing.Transfer;

/// <summary>
/// All that is stored, as people see it, by id; without what says when it came here, or how, and what follows from that.
/// </summary>
internal static class Snapshot
{
    /// <summary>Of Files and Versions when they came; of a Log how often and how it was judged here.</summary>
    private static readonly HashSet<string> OfFiles =
        ["created_at", "updated_at", "last_used_at", "version_logs_count", "total_logs_count"];

    private static readonly HashSet<string> OfLogs = ["revision", "superseded", "problems"];

    /// <param name="logsSayWhen">
    /// Logs have to say when they were created, where nobody has said it, too: an export here does, and the front does not.
    /// </param>
    public static async Task<SortedDictionary<string, string>> OfAsync(TransferWorld world, bool logsSayWhen = true)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await AddFilesAsync(world, all);
        await foreach (var page in world.Store.Listing.AllAsync(CancellationToken.None))
        {
            foreach (var log in page)
                all["log " + log.Id] = await LogAsync(world, log.Id, logsSayWhen);
        }

        return all;
    }

    private static async Task<string> LogAsync(TransferWorld world, string id, bool logsSayWhen)
    {
        var view = (await world.Traces.ReadAsync(id, CancellationToken.None)).ShouldNotBeNull();
        var entries = world.Traces.EntriesAsync(view, CancellationToken.None);
        entries = logsSayWhen ? entries.Select(ShownLog.Of) : entries;
        using var json = new MemoryStream();
        await LogJson.WriteAsync(json, view, entries, new(), CancellationToken.None);
        var log = JsonNode.Parse(json.ToArray(), documentOptions: new() { MaxDepth = 100_000 })!;
        Tidy(log);
        return Canonical(log);
    }

    private static async Task AddFilesAsync(TransferWorld world, SortedDictionary<string, string> all)
    {
        var query = new FileQuery([.. Enum.GetValues<LogKind>()]);
        var (files, _) = await world.Store.Listings.ListAsync(query, 0, 10_000, CancellationToken.None);
        foreach (var file in files)
        {
            var view = (await world.Files.ReadAsync(file.File.Id, null, null, CancellationToken.None)).ShouldNotBeNull();
            all["file " + file.File.Id] = $"{file.File.Kind} {file.File.Path}";
            foreach (var deployment in view.Deployments)
                all[$"deployed {file.File.Id} {deployment.Environment}"] = $"{deployment.VersionId} {deployment.OccurredAt}";
            foreach (var monitoring in view.Monitorings.Select(monitoring => monitoring.Monitoring))
                all[$"monitored {file.File.Id} {monitoring.EvaluatorId}"] = $"{monitoring with { MessageId = "" }}";
            await foreach (var version in world.Files.VersionsAsync(view with { Monitorings = [] }, CancellationToken.None))
                all[$"version {file.File.Id} {version.Version!.Version.Id}"] = Version(version);
        }
    }

    private static string Version(FileView version)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, FileViewJson.Options))
            new FileViewJson(writer).Write(version);
        var shown = JsonNode.Parse(json.ToArray())!.AsObject();
        foreach (var name in OfFiles)
            shown.Remove(name);
        return Canonical(shown);
    }

    /// <summary>What has no order is put into one.</summary>
    private static void Tidy(JsonNode log)
    {
        foreach (var name in OfLogs)
            log.AsObject().Remove(name);
        foreach (var kind in Enum.GetValues<LogKind>())
        {
            foreach (var name in log[kind.WireName()] is JsonObject ? OfFiles : [])
                log[kind.WireName()]!.AsObject().Remove(name);
        }

        // A verdict's Evaluator shows its spec where somebody has said it, and what clients insist on where nobody has.
        if (log["evaluator"] is JsonObject evaluator)
            evaluator.Remove("spec");
        foreach (var name in new[] { "evaluator_logs", "trace_children" })
        {
            var list = log[name]!.AsArray();
            var items = list.Select(item => item!.DeepClone()).OrderBy(item => (string)item["id"]!, StringComparer.Ordinal).ToList();
            items.ForEach(Tidy);
            log[name] = new JsonArray([.. items]);
        }
    }

    private static string Canonical(JsonNode node)
    {
        var form = new System.Buffers.ArrayBufferWriter<byte>();
        CanonicalJson.WriteExact(System.Text.Encoding.UTF8.GetBytes(node.ToJsonString(new() { MaxDepth = 100_000 })), form);
        return System.Text.Encoding.UTF8.GetString(form.WrittenSpan);
    }
}
