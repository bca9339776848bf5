using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// A Log as one JSON document that people can query: the standing values under their wire names (but the File's
/// <c>id</c> as <c>file_id</c>, since <c>id</c> is the Log's), then what is known beside them, then <c>merge</c>: what
/// only merging needs.
/// </summary>
/// <remarks>
/// In <c>merge</c>, <c>stamps</c> is the table of distinct stamps as [updated 0/1, microseconds, message id]; <c>of</c>
/// says which of them each field has, in the order of <see cref="LogFields.All"/>, and is left out when all have the
/// first; <c>unset</c> names the fields that hold no value; <c>receipts</c> are places in the table, and <c>bodies</c>
/// the beginnings of their hashes; <c>parents</c> is left out when it says no more than <c>trace_parent_id</c>;
/// <c>outcome_sent_at</c> and <c>completion_sent_at</c> are microseconds by a sender's clock.
/// </remarks>
internal static class LogDocument
{
    /// <summary>A longer document is refused as too large, in every store: the limit of the strictest one.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    public const string FileIdName = "file_id";

    /// <summary>For the writer given to <see cref="Write"/>: what a Log holds is well formed already.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonEncodedText[] FieldNames =
        [.. LogFields.All.Select(field => JsonEncodedText.Encode(field == LogFields.FileId ? FileIdName : field.Name))];

    /// <summary>The Log that <see cref="Write"/> wrote. Its values share the document's memory.</summary>
    public static Log Read(ReadOnlyMemory<byte> document, int version) =>
        new LogDocumentReader(document.Span, document).Read(version);

    /// <summary>As <see cref="ITraceStore.OutlineAsync"/> gives it. Shares no memory with the document.</summary>
    public static Log ReadOutline(ReadOnlySpan<byte> document, int version) =>
        new LogDocumentReader(document, shared: null).Read(version);

    /// <summary>Writes the whole Log but its <see cref="Log.Version"/>.</summary>
    public static void Write(Log log, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("format"u8, StoredFormat.Known);
        json.WriteString("id"u8, log.Id);
        json.WriteString("kind"u8, log.Kind.WireName());
        WriteTrue(json, "kind_is_provisional"u8, log.KindIsProvisional);
        WriteValues(log, json);
        WriteFacts(log, json);
        WriteMerge(log, json);
        json.WriteEndObject();
    }

    private static void WriteValues(Log log, Utf8JsonWriter json)
    {
        foreach (var entry in log.Fields)
        {
            if (entry.Value is not { } value)
                continue;
            json.WritePropertyName(FieldNames[entry.Field.Index]);
            json.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
        }
    }

    private static void WriteFacts(Log log, Utf8JsonWriter json)
    {
        WriteTexts(json, "batches"u8, log.Batches);
        if (log.Withheld)
            json.WriteBoolean("save"u8, false);
        WriteTrue(json, "had_output"u8, log.HadOutput);
        WriteTrue(json, "had_error"u8, log.HadError);
        WriteInstant(json, "outcome_at"u8, log.OutcomeAt);
        WriteInstant(json, "completion_requested_at"u8, log.CompletionRequestedAt);
        WriteInstant(json, "first_received_at"u8, log.FirstReceivedAt);
        WriteInstant(json, "deleted_at"u8, log.DeletedAt);
        WriteTexts(json, "problems"u8, log.Problems);
        if (log.Resolution is not { } resolution)
            return;

        json.WriteStartObject("resolution"u8);
        WriteText(json, "file_id"u8, resolution.FileId);
        WriteText(json, "version_id"u8, resolution.VersionId);
        json.WriteString("source"u8, EnumName<VersionSource>.Of(resolution.Source));
        WriteText(json, "missing"u8, resolution.Missing is { } missing ? CatalogKeyText.Of(missing) : null);
        json.WriteEndObject();
    }

    private static void WriteMerge(Log log, Utf8JsonWriter json)
    {
        var stamps = new StampTable(log);
        json.WriteStartObject("merge"u8);
        stamps.Write(json);
        if (log.Fields.Any(entry => entry.Value is null))
            WriteTexts(
                json, "unset"u8, [.. log.Fields.Where(entry => entry.Value is null).Select(entry => entry.Field.Name)]);
        if (!IsImplied(log.Parents, log.ParentId))
            WriteTexts(json, "parents"u8, log.Parents, always: true);
        WriteText(json, "body_hash"u8, log.BodyHash);
        WriteMicroseconds(json, "outcome_sent_at"u8, log.OutcomeSentAt);
        WriteMicroseconds(json, "completion_sent_at"u8, log.CompletionSentAt);
        json.WriteEndObject();
    }

    /// <summary>The parents say no more than the standing one.</summary>
    public static bool IsImplied(ImmutableArray<string> parents, string? parent) =>
        parent is null ? parents.IsEmpty : parents.Length == 1 && parents[0] == parent;

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static void WriteTexts(
        Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<string> texts, bool always = false)
    {
        if (texts.IsEmpty && !always)
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteTrue(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
            json.WriteBoolean(name, true);
    }

    private static void WriteMicroseconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? microseconds)
    {
        if (microseconds is { } value)
            json.WriteNumber(name, value);
    }

    private static void WriteInstant(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? microseconds)
    {
        if (microseconds is { } value)
            json.WriteString(name, Timestamps.ToInstant(value).UtcDateTime);
    }
}
