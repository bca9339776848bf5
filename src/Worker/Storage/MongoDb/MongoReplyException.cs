namespace Worker.Storage.MongoDb;

/// <summary>What several callers asked for together does not fit into one reply.</summary>
internal sealed class MongoReplyException() : Exception("The documents do not fit into one reply.");
