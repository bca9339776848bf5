namespace Worker.Storage.MongoDb;

/// <summary>What several callers asked for together is more than is held at once for them.</summary>
internal sealed class TooManyLogsException() : Exception("The Logs are too many, or too large, to be held at once.");
