using System.Text.Json;
using Worker.Reading;

namespace Worker.Viewer;

/// <summary>A verdict in short.</summary>
internal static class VerdictJson
{
    public static void Write(Utf8JsonWriter writer, RowVerdict verdict, int? place = null)
    {
        writer.WriteStartObject();
        if (place is { } row)
            writer.WriteNumber("row", row);
        writer.WriteString("path", verdict.Path);
        writer.WriteValue("judgment", verdict.Judgment);
        writer.WriteString("error", verdict.Error);
        writer.WriteEndObject();
    }
}
