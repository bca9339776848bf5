using System.Buffers;
using System.Text;
using Worker.Traces;

namespace Worker.IntegrationTests.Crash;

/// <summary>What a user can see of a Log, as text: neither receipts nor stamps nor the store's own version.</summary>
internal static class VisibleContent
{
    public static string Of(Log log)
    {
        if (log.IsDeleted)
            return $"{log.Id} deleted";

        var text = new StringBuilder($"{log.Id} {log.Kind} withheld={log.Withheld} output={log.HadOutput} error={log.HadError} complete={log.IsComplete}\n");
        foreach (var entry in log.Fields)
            text.Append(entry.Field.Name).Append(": ").AppendLine(entry.Value is { } value ? Canonical(value) : "unset");
        text.AppendLine("batches: " + string.Join(", ", log.Batches));
        text.AppendLine("parents: " + string.Join(", ", log.Parents));
        text.AppendLine("problems: " + string.Join(" ", log.Problems));
        return text.ToString();
    }

    private static string Canonical(JsonValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(value.Utf8, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
