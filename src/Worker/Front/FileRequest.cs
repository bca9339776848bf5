using Worker.Files;
using Worker.Storage;

namespace Worker.Front;

/// <summary>A request about a File as the message that is made of it.</summary>
/// <param name="Said">What the worker will read in it.</param>
internal sealed record FileRequest(InboxMessage Message, FileChange Said);
