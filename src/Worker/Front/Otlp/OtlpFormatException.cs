namespace Worker.Front.Otlp;

/// <summary>A body that is no OTLP. One sentence.</summary>
internal sealed class OtlpFormatException(string message, Exception? innerException = null)
    : Exception(message, innerException);
