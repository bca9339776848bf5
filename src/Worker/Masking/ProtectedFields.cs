using System.Collections.Frozen;
using System.Text;

namespace Worker.Masking;

/// <summary>
/// The fields of a message that are never masked: by them Logs, Files, Versions and Environments are found, linked and
/// ordered, or they are numbers and switches. The value itself is kept, not what nests below it.
/// </summary>
internal static class ProtectedFields
{
    /// <summary>Each item names an Evaluator by its ids.</summary>
    private static readonly byte[] OfMonitoring = "evaluators"u8.ToArray();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names =
        new[]
            {
                "log_id", "id", "path", "version_id", "version_environment", "environment", "trace_parent_id",
                "parent_id", "batch_id", "source_datapoint_id", "evaluation_id", "run_id", "kind",
                "start_time", "end_time", "created_at", "sent_at",
                "save", "history", "marked_completed", "log_status", "trace_status", "provider_latency",
                "prompt_tokens", "output_tokens", "reasoning_tokens", "prompt_cost", "output_cost",
                "messageType", "messageId", "sentTime", "conversationId", "correlationId", "requestId", "initiatorId",
                "evaluators",
            }
            .ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Has(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[32];
        return name.Length <= text.Length
            && Encoding.UTF8.TryGetChars(name, text, out var length)
            && Names.Contains(text[..length]);
    }

    /// <summary>Whether a value under these names is protected.</summary>
    /// <param name="first">Which of the names is a field of the message.</param>
    public static bool Have(IReadOnlyList<ReadOnlyMemory<byte>> names, int first) =>
        names.Count == first + 1 ? Has(names[first].Span)
        : names.Count > first && names[first].Span.SequenceEqual(OfMonitoring);
}
