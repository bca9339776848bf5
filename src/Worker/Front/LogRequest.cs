using Worker.Storage;
using Worker.Traces;

namespace Worker.Front;

/// <summary>A request as the message that is made of it.</summary>
/// <param name="Message">To be taken; without what is not to be saved.</param>
/// <param name="Said">What the worker will read in it.</param>
/// <param name="IsNamed">The client named the Log, which others may have spoken of before.</param>
internal sealed record LogRequest(InboxMessage Message, LogMessage Said, bool IsNamed);
