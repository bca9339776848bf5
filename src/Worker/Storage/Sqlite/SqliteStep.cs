namespace Worker.Storage.Sqlite;

/// <summary>One step of <see cref="SqliteSchema"/>, taken in one transaction.</summary>
/// <param name="Title">See <see cref="SchemaStep"/>.</param>
/// <param name="Then">What SQL alone cannot do; after the script.</param>
internal sealed record SqliteStep(string Title, string Script, Action<SqliteSession>? Then = null);
