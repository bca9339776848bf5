using MongoDB.Bson;
using Worker.Errors;

namespace Worker.Storage.MongoDb;

/// <summary>
/// What was spent. An addition is an upsert that finds only a window with room: where there is one without, it is a
/// duplicate key.
/// </summary>
internal sealed class MongoBudgetStore(MongoDatabase database) : IBudgetStore
{
    private const int MostRaces = 20;

    public async Task<bool> TryAddAsync(
        string window, BudgetAmounts amounts, BudgetAmounts limits, CancellationToken cancellationToken)
    {
        for (var races = 0; races < MostRaces; races++)
        {
            if (!(await ReadAsync(window, cancellationToken) + amounts).IsWithin(limits))
                return false;
            var withRoom = MongoFilter.Id(window);
            AddRoom(withRoom, "calls", limits.Calls - amounts.Calls);
            AddRoom(withRoom, "tokens", limits.Tokens - amounts.Tokens);
            AddRoom(withRoom, "cost", limits.Cost - amounts.Cost);
            if (await WriteAsync(window, withRoom, amounts, cancellationToken))
                return true;
        }

        throw new StoreUnavailableException($"The budget {window} was changed by others {MostRaces} times over.");
    }

    public Task AddAsync(string window, BudgetAmounts amounts, CancellationToken cancellationToken) =>
        WriteAsync(window, MongoFilter.Id(window), amounts, cancellationToken);

    public async Task<BudgetAmounts> ReadAsync(string window, CancellationToken cancellationToken)
    {
        var found = await database.FindAsync(
            MongoCollections.Budgets, MongoFilter.Id(window), ToAmounts, cancellationToken);
        return found.SingleOrDefault();
    }

    private static void AddRoom(BsonDocument filter, string field, long most) =>
        filter.Add(field, new BsonDocument("$not", new BsonDocument("$gt", most)));

    private async Task<bool> WriteAsync(
        string window, BsonDocument filter, BudgetAmounts amounts, CancellationToken cancellationToken)
    {
        var add = new BsonDocument("$inc", new BsonDocument
        {
            { "calls", amounts.Calls }, { "tokens", amounts.Tokens }, { "cost", amounts.Cost },
        });
        var result = await database.WriteAsync(
            MongoCollections.Budgets, [MongoWrite.Update(window, filter, add, upsert: true)], cancellationToken);
        return result.Lost.Count == 0;
    }

    private static BudgetAmounts ToAmounts(BsonDocument window) =>
        new(window["calls"].ToInt64(), window["tokens"].ToInt64(), window["cost"].ToInt64());
}
