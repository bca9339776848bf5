using System.Text.Json;
using Worker.Front;
using Worker.Traces;

namespace Worker.Viewer.Mcp;

/// <summary>One Log as the viewer has it, or a long value of it piece by piece.</summary>
internal sealed class GetLog(LogDetails details, StoredLogs stored)
{
    /// <summary>Of a value, in UTF-16 characters.</summary>
    private const int Piece = 16_000;

    public McpTool Describe() => McpTool.Of(
        "get_log",
        "Get a Log",
        "Shows one Log with its fields, problems and verdicts, superseded ones among them; instants are microseconds "
        + "since 1970-01-01 UTC. A value that says that it was cut, or is $length alone, is read by itself: with "
        + "field, as text, from offset; next_offset says where to go on. " + McpTools.Untrusted,
        [
            ("id", "string", "The id of the Log."),
            ("field", "string", "The name of one of its fields, e.g. inputs, output, messages, provider_response."),
            ("offset", "integer", "Characters of the field's text to pass over; 0 where it is left out."),
        ],
        required: ["id"],
        RunAsync);

    private async Task<JsonElement> RunAsync(
        McpArguments arguments, Caller caller, CancellationToken cancellationToken)
    {
        var id = arguments.Required("id");
        var field = arguments.Text("field");
        var offset = arguments.Number("offset", 0, int.MaxValue, 0);
        await stored.MustBeSeenAsync(id, caller);
        if (field is not null)
            return await FieldAsync(id, field, offset, cancellationToken);
        using var json = new MemoryStream();
        if (!await details.WriteAsync(id, () => json, cancellationToken))
            throw StoredLogs.Unknown(id);
        using var log = JsonDocument.Parse(
            json.GetBuffer().AsMemory(0, (int)json.Length), new() { MaxDepth = int.MaxValue });
        return BoundedJson.Cut(log.RootElement);
    }

    private async Task<JsonElement> FieldAsync(
        string id, string field, int offset, CancellationToken cancellationToken)
    {
        if (LogFields.Find(field) is null)
            throw McpArguments.Bad("field has to be a name that get_log shows under fields, such as inputs or output");
        var value = await details.FieldAsync(id, field, cancellationToken)
            ?? throw McpArguments.Bad($"There is no Log {id}, or it has no {field}; get_log without field shows which");
        var text = value.AsText() ?? value.ToString();
        if (offset > text.Length)
            throw McpArguments.Bad($"offset has to be {text.Length} or less, which is how long the text is");
        var part = BoundedJson.Part(text, offset, Piece);
        var next = offset + part.Length;
        return McpJson.Write(new
        {
            Id = id,
            Field = field,
            Length = text.Length,
            Offset = offset,
            Text = part,
            NextOffset = next < text.Length ? next : (int?)null,
        });
    }
}
