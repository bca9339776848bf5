namespace Worker.Ingestion;

/// <summary>Where messages are taken from.</summary>
/// <param name="Name">A short phrase for people. Holds no secret.</param>
internal sealed record MessageSource(string Name);
