namespace Worker.Storage;

/// <summary>One step of a store's schema, from the number before it to this one.</summary>
/// <param name="Title">What it does, as a phrase for people.</param>
internal sealed record SchemaStep(int Number, string Title);
