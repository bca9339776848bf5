namespace Worker.Storage.Sqlite;

/// <summary>The schema of the local file, for who looks at it and leads it on by hand.</summary>
internal sealed class SqliteSchemaSteps(SqliteDatabase database) : ISchema
{
    public Task<SchemaState?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(
        File.Exists(database.File) ? database.Look(session => SqliteSchema.Read(session, database.File)) : null);

    public Task ApplyAsync(Action<SchemaProgress> show, CancellationToken cancellationToken) =>
        database.OpenAsync(cancellationToken, show);
}
