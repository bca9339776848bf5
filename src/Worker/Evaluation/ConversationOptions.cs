using System.ComponentModel.DataAnnotations;

namespace Worker.Evaluation;

/// <summary>Which Flow Logs are judged together, as one conversation. Section <c>Conversations</c>.</summary>
internal sealed class ConversationOptions
{
    public const string SectionName = "Conversations";

    /// <summary>
    /// Where a Flow Log names its conversation: a field as in conditions, e.g. <c>metadata.session_id</c> or
    /// <c>user</c>; or several, separated by commas, of which the first that has a value counts. Off when null.
    /// </summary>
    public string? By { get; set; }

    /// <summary>The Flows that have conversations: a pattern over paths.</summary>
    public string Flows { get; set; } = "**";

    /// <summary>How long a conversation is left alone before it is judged, counted from its last change.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(30);
}
