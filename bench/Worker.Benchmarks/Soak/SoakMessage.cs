namespace Worker.Benchmarks.Soak;

/// <summary>One message, and how long after its trace begins it is published.</summary>
internal sealed record SoakMessage(TimeSpan After, string Type, byte[] Body, string? MessageId);
