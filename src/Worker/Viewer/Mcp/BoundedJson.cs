using System.Buffers;
using System.Text.Json;

namespace Worker.Viewer.Mcp;

/// <summary>
/// JSON cut down to what a model can read: what is left out says so where it stood.
/// </summary>
internal sealed class BoundedJson
{
    /// <summary>Of an answer, in bytes; a value that was begun before it is ended.</summary>
    public const int MostBytes = 48 * 1024;

    /// <summary>Of a text, in UTF-16 characters.</summary>
    private const int LongestText = 2_000;

    private const int LongestName = 200;
    private const int MostItems = 100;
    private const int Deepest = 16;

    private readonly int _most;
    private readonly Utf8JsonWriter _writer;

    private BoundedJson(Utf8JsonWriter writer, int most)
    {
        _writer = writer;
        _most = most;
    }

    private bool IsFull => _writer.BytesCommitted + _writer.BytesPending > _most;

    public static JsonElement Cut(JsonElement value, int most = MostBytes)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, PageJson.Options))
            new BoundedJson(writer, most).Write(value, depth: 0);
        return JsonElement.Parse(output.WrittenSpan);
    }

    /// <summary>The beginning of a text, and how long it was.</summary>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        return $"{Part(text, 0, longest)}… [cut: {text.Length} characters]";
    }

    /// <summary>A part of a text that ends within no character.</summary>
    public static string Part(string text, int start, int longest)
    {
        var end = Math.Min(text.Length, start + longest);
        if (end < text.Length && end > start + 1 && char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[start..end];
    }

    private void Write(JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when depth < Deepest:
                WriteObject(value, depth);
                break;
            case JsonValueKind.Array when depth < Deepest:
                WriteArray(value, depth);
                break;
            case JsonValueKind.Object or JsonValueKind.Array:
                _writer.WriteStringValue(Cut(value.GetRawText(), LongestText));
                break;
            case JsonValueKind.String:
                _writer.WriteStringValue(Cut(value.GetString()!, LongestText));
                break;
            default:
                WriteShort(value.GetRawText());
                break;
        }
    }

    /// <summary>A number may have any number of digits.</summary>
    private void WriteShort(string json)
    {
        if (json.Length <= LongestName)
            _writer.WriteRawValue(json);
        else
            _writer.WriteStringValue(Cut(json, LongestName));
    }

    private void WriteObject(JsonElement value, int depth)
    {
        _writer.WriteStartObject();
        var (written, left) = (0, 0);
        foreach (var member in value.EnumerateObject())
        {
            if (written == MostItems || IsFull)
            {
                left++;
                continue;
            }

            _writer.WritePropertyName(Cut(member.Name, LongestName));
            Write(member.Value, depth + 1);
            written++;
        }

        if (left > 0)
            _writer.WriteString("…", $"[cut: {left} more]");
        _writer.WriteEndObject();
    }

    private void WriteArray(JsonElement value, int depth)
    {
        _writer.WriteStartArray();
        var written = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (written == MostItems || IsFull)
            {
                _writer.WriteStringValue($"… [cut: {value.GetArrayLength() - written} more]");
                break;
            }

            Write(item, depth + 1);
            written++;
        }

        _writer.WriteEndArray();
    }
}
