using MongoDB.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>How it stands with the alerts. A save that lost its race is a duplicate key.</summary>
internal sealed class MongoAlertStore(MongoDatabase database) : IAlertStore
{
    public async Task<IReadOnlyList<AlertState>> ListAsync(CancellationToken cancellationToken) =>
        await database.FindAsync(
            MongoCollections.Alerts, [], ToState, cancellationToken, sort: MongoFilter.Ascending("_id"));

    public async Task<AlertState?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var found = await database.FindAsync(
            MongoCollections.Alerts, MongoFilter.Id(name), ToState, cancellationToken);
        return found.SingleOrDefault();
    }

    public async Task<bool> SaveAsync(AlertState state, CancellationToken cancellationToken)
    {
        var standing = MongoFilter.Id(state.Name);
        standing.Add("version", state.Version);
        var result = await database.WriteAsync(
            MongoCollections.Alerts,
            [MongoWrite.Replace(state.Name, standing, ToDocument(state), upsert: state.Version == 0)],
            cancellationToken);
        return result.Done == 1;
    }

    private static BsonDocument ToDocument(AlertState state) => MongoFields.Document(
        ("_id", state.Name),
        ("version", state.Version + 1),
        ("condition", EnumName<AlertCondition>.Of(state.Condition)),
        ("since", MongoFields.Date(state.Since)),
        ("opened_at", MongoFields.Date(state.OpenedAt)),
        ("checked_at", MongoFields.Date(state.CheckedAt)),
        ("value", state.Value is { } value ? (BsonValue)value : null),
        ("count", state.Count),
        ("breach", state.Breach),
        ("notices", new BsonArray(state.Notices.Select(ToDocument))));

    private static BsonDocument ToDocument(AlertNotice notice) => MongoFields.Document(
        ("key", notice.Key),
        ("body", notice.Body.ToString()),
        ("not_before", MongoFields.Date(notice.NotBefore)),
        ("tries", notice.Tries));

    private static AlertState ToState(BsonDocument state) => new()
    {
        Name = state["_id"].AsString,
        Version = state["version"].ToInt32(),
        Condition = EnumName<AlertCondition>.Parse(state["condition"].AsString),
        Since = state.Instant("since")!.Value,
        OpenedAt = state.Instant("opened_at")!.Value,
        CheckedAt = state.Instant("checked_at"),
        Value = state.TryGetValue("value", out var value) ? value.ToDouble() : null,
        Count = state["count"].ToInt64(),
        Breach = state.Text("breach"),
        Notices = [.. state["notices"].AsBsonArray.Select(notice => ToNotice(notice.AsBsonDocument))],
    };

    private static AlertNotice ToNotice(BsonDocument notice) => new(
        notice["key"].AsString,
        Traces.JsonValue.Parse(notice["body"].AsString),
        notice.Instant("not_before")!.Value,
        notice["tries"].ToInt32());
}
