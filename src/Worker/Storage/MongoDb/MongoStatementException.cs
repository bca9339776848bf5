using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>
/// One statement of a command met a conflict that would not pass, while others were done. Its caller may try again
/// later.
/// </summary>
internal sealed class MongoStatementException(string message) : StoreUnavailableException(message);
