namespace Worker.Masking;

/// <summary>What masking made of a body.</summary>
/// <param name="Body">The very memory that was given, where nothing was masked.</param>
/// <param name="Counts">How often each kind was masked; null where nothing was.</param>
internal readonly record struct Masked(ReadOnlyMemory<byte> Body, MaskCounts? Counts);
