namespace Worker.Front;

/// <summary>The front has as much in hand as it may.</summary>
internal sealed class NoRoomException(string sentence = "The front has too much in hand; try again soon")
    : Exception(sentence);
