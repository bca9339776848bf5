using MongoDB.Bson;
using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>
/// The schema of a database: the document <c>schema</c> of the collection <c>worker</c>. Its <c>version</c> is the
/// number that a worker must know to use the database, which earlier workers go by, too, and which only a step that is
/// not additive raises; <c>applied</c> is the number that the steps have reached; <c>position_N</c> is how far step N
/// is. Steps are free to repeat, so that several workers may be at one at once: they save only work by looking at what
/// is written down.
/// </summary>
internal sealed class MongoSchema(MongoDatabase database) : ISchema
{
    public const string Elsewhere = "name another database in ConnectionStrings:MongoDb";

    private const string Document = "schema";

    private static readonly SchemaStep Indexes = new(1, "the indexes");

    private static readonly IReadOnlyList<SchemaStep> Steps =
    [
        Indexes,
        new(2, "when Logs of the first builds were created, and the format of their documents"),
    ];

    public async Task<SchemaState?> ReadAsync(CancellationToken cancellationToken) =>
        await ReadAsync(looksAtIndexes: true, cancellationToken);

    public async Task ApplyAsync(Action<SchemaProgress> show, CancellationToken cancellationToken) =>
        await ApplyAsync(await ReadAsync(looksAtIndexes: true, cancellationToken), show, cancellationToken);

    /// <summary>At every start: the steps that are due, or a refusal where these are left to people.</summary>
    public async Task PrepareAsync(bool migrates, Action<SchemaProgress> show, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(looksAtIndexes: !migrates, cancellationToken);
        state.MustBeUsable(Elsewhere);
        if (!migrates)
            state.MustBeMigrated();
        await ApplyAsync(state, state.Found > 0 ? show : _ => { }, cancellationToken);
    }

    private async Task<SchemaState> ReadAsync(bool looksAtIndexes, CancellationToken cancellationToken)
    {
        var document = await FindAsync(cancellationToken);
        var needs = document?.GetValue("version", 1).ToInt32() ?? 1;
        var found = document is null ? 0 : Math.Max(document.GetValue("applied", 1).ToInt32(), needs);
        var lacksIndexes = looksAtIndexes && found > 0
            && await new MongoIndexCheck(database).AnyIsMissingAsync(cancellationToken);
        var due = Steps.Where(step => step.Number > found || (step == Indexes && lacksIndexes));
        return new(database.Description, found, Steps.Count, needs, [.. due]);
    }

    private async Task ApplyAsync(SchemaState state, Action<SchemaProgress> show, CancellationToken cancellationToken)
    {
        state.MustBeUsable(Elsewhere);
        await SaveAsync(new("$setOnInsert", new BsonDocument("version", 1)), cancellationToken);

        // Indexes are made at every start: one that was lost in a restore comes back.
        if (state.Due.Contains(Indexes))
            show(new(Indexes));
        foreach (var indexes in MongoIndexes.Commands())
            await CreateAsync(indexes, cancellationToken);
        foreach (var step in state.Due.Where(step => step != Indexes))
        {
            show(new(step));
            await FillInAsync(step, show, cancellationToken);
            await SaveAsync(new("$max", new BsonDocument("applied", step.Number)), cancellationToken);
        }
    }

    private async Task FillInAsync(SchemaStep step, Action<SchemaProgress> show, CancellationToken cancellationToken)
    {
        var name = $"position_{step.Number}";
        var position = (await FindAsync(cancellationToken))?.GetValue(name, "").AsString ?? "";
        var looked = 0L;
        var pages = new MongoLogPages(database);
        while (await pages.FillInAsync(position, cancellationToken) is { } page)
        {
            (position, looked) = (page.Last, looked + page.Count);
            await SaveAsync(new("$max", new BsonDocument(name, position)), cancellationToken);
            show(new(step, looked));
        }
    }

    private async Task<BsonDocument?> FindAsync(CancellationToken cancellationToken)
    {
        var found = await database.FindAsync(
            MongoCollections.Worker, MongoFilter.Id(Document), document => document, cancellationToken);
        return found.SingleOrDefault();
    }

    private Task<MongoWriteResult> SaveAsync(BsonDocument update, CancellationToken cancellationToken) =>
        database.WriteAsync(
            MongoCollections.Worker,
            [MongoWrite.Update(Document, MongoFilter.Id(Document), update, upsert: true)],
            cancellationToken);

    /// <summary>
    /// Several workers that start together may be told that another is at it: then it is done when asked again.
    /// </summary>
    private async Task CreateAsync(BsonDocument indexes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.CommandAsync(indexes, cancellationToken);
                return;
            }
            catch (StoreUnexpectedException error) when (attempt < 10 && MongoCodes.IsBeingCreated(error.Code))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), database.Time, cancellationToken);
            }
        }
    }
}
