namespace Worker.Front.Otlp;

/// <summary>
/// One span cannot be read or taken; its neighbours can. The message is a sentence without a full stop.
/// </summary>
internal sealed class BadSpanException(string sentence) : Exception(sentence);
