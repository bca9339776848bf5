using Worker.Storage;

namespace Worker.Publishing;

/// <summary>Some lines of a message file, in order.</summary>
/// <param name="Messages">What can be published.</param>
/// <param name="LineNumbers">On which line each of <paramref name="Messages"/> stands.</param>
/// <param name="Faults">A sentence for each line that cannot, with its number.</param>
internal sealed record MessageBatch(List<InboxMessage> Messages, List<long> LineNumbers, List<string> Faults);
