using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Worker.Files;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;
using JsonValue = System.Text.Json.Nodes.JsonValue;

namespace Worker.Front.Calls;

/// <summary>
/// Finds the Version of a Prompt that a request means, in the order in which Logs find theirs: <c>version_id</c>; what
/// is deployed to the Environment; the details in the body; the default deployment. Where there is nothing of that, the
/// newest. Throws <see cref="RefusedRequestException"/>, and what the store throws.
/// </summary>
internal sealed class PromptFinder(StoredFiles stored, FileReader reader, IFileListing listing)
{
    public async Task<CalledPrompt> FindAsync(
        Caller caller, CallBody body, string? versionId, string? environment, CancellationToken cancellationToken)
    {
        var isInline = body.Prompt is not null && versionId is null && environment is null;
        var view = isInline ? null : await ViewAsync(caller, body, versionId, environment, cancellationToken);
        if (view is { Version: null })
            throw new RefusedRequestException(
                StatusCodes.Status404NotFound, $"The Prompt {view.File.File.Id} has no Version; send one as prompt");
        var details = view is null ? body.Prompt! : CallBody.Once(view.Version!.Version.Details.Utf8);
        return new(details, await ToolsAsync(caller, details, cancellationToken), view);
    }

    private async Task<FileView> ViewAsync(
        Caller caller, CallBody body, string? versionId, string? environment, CancellationToken cancellationToken)
    {
        var id = body.Text("id") ?? await IdAtAsync(body.Text("path"), cancellationToken);
        if (id is null && versionId is not null)
            id = (await reader.OfVersionAsync(versionId, cancellationToken))?.File.File.Id
                ?? throw new RefusedRequestException(StatusCodes.Status404NotFound, $"There is no Version {versionId}");
        return await stored.FindAsync(
            caller,
            LogKind.Prompt,
            id ?? throw new RefusedRequestException(Invalid.Missing("body", "path")),
            versionId,
            environment,
            cancellationToken);
    }

    /// <summary>A File that was imported kept its id; any other's comes from its path.</summary>
    private async Task<string?> IdAtAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is null || DerivedIds.NormalPath(path) is not { Length: > 0 } normal)
            return null;
        var (files, _) = await listing.ListAsync(new([LogKind.Prompt]) { Path = normal }, 0, 1, cancellationToken);
        return files.Count > 0 ? files[0].File.Id : DerivedIds.File(LogKind.Prompt, normal);
    }

    /// <summary>Those that it describes, and those that it names, of which the default Version counts.</summary>
    private async Task<IReadOnlyList<JsonObject>> ToolsAsync(
        Caller caller, JsonObject details, CancellationToken cancellationToken)
    {
        var tools = (details["tools"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        foreach (var linked in details["linked_tools"] as JsonArray ?? [])
        {
            if (linked is JsonObject described)
                tools.Add(described);
            else if (linked is JsonValue value && value.TryGetValue<string>(out var id))
                tools.Add(await FunctionAsync(caller, id, cancellationToken));
        }

        return tools;
    }

    private async Task<JsonObject> FunctionAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var tool = await stored.FindAsync(caller, LogKind.Tool, id, null, null, cancellationToken);
        var details = CallBody.Once((tool.Version?.Version.Details ?? VersionDetails.Empty).Utf8);
        return details["function"] as JsonObject ?? throw new RefusedRequestException(new Invalid(
            ["body", "prompt", "linked_tools"],
            $"The Tool {id} has no function that a model could call",
            "value_error"));
    }
}
