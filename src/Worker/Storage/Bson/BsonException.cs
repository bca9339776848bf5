namespace Worker.Storage.Bson;

/// <summary>Bytes that are no BSON, or BSON that holds something else than was asked for. The only exception that reading throws.</summary>
internal sealed class BsonException(string message, Exception? innerException = null) : Exception(message, innerException);
