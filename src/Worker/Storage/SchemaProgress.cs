namespace Worker.Storage;

/// <summary>A step is about to be taken, or is under way.</summary>
/// <param name="Documents">How many documents it has looked at; null where it is one transaction.</param>
internal sealed record SchemaProgress(SchemaStep Step, long? Documents = null);
