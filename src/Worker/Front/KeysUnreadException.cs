namespace Worker.Front;

/// <summary>The store has not answered since this front started, so nobody knows who may come in.</summary>
internal sealed class KeysUnreadException(Exception innerException) : Exception(
    "The store does not answer, and without it nobody knows who may ask; nothing was taken", innerException);
