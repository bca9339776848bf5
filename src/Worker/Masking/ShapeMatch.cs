namespace Worker.Masking;

/// <summary>Whether there is a secret of a shape whose anchor stands there, and which part of it is masked.</summary>
/// <param name="text">UTF-8.</param>
/// <param name="at">Where the anchor begins.</param>
internal delegate bool ShapeMatch(ReadOnlySpan<byte> text, int at, out Range secret);
