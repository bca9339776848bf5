namespace Worker.Traces;

/// <summary>One Log in a <see cref="TraceOutline"/>.</summary>
/// <param name="Depth">0 for the head.</param>
/// <param name="IsLast">Of those under the same Log.</param>
/// <param name="IsLeaf">There is nothing under it.</param>
internal readonly record struct TraceLine(int Place, int Depth, bool IsLast, bool IsLeaf);
