namespace Worker.Front.Otlp;

/// <summary>
/// The body is no export at all; nothing of it is taken. The message is a sentence without a full stop.
/// </summary>
internal sealed class UnreadableExportException(string sentence, Exception? innerException = null)
    : Exception(sentence, innerException);
