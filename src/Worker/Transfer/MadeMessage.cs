using Worker.Storage;

namespace Worker.Transfer;

/// <summary>What became of something in an export: a message, or a sentence that says why not.</summary>
internal readonly record struct MadeMessage(InboxMessage? Message, string? Fault);
