namespace Worker.Transfer;

/// <summary>A line of a file. Its text is good until the next line is asked for.</summary>
/// <param name="Number">From 1.</param>
/// <param name="IsTooLong">It was passed over: there is no text.</param>
internal readonly record struct NumberedLine(long Number, ReadOnlyMemory<byte> Text, bool IsTooLong);
