using MongoDB.Bson;
using Worker.Runs;

namespace Worker.Storage.MongoDb;

/// <summary>
/// A wake as one update, whatever the run is by then: <see cref="WakeTimers.Due"/> in the server's words. When a run of
/// a revision has settled is computed here, for every revision that it tells apart, and only looked up there.
/// </summary>
internal sealed class WakeUpdate(WakeTimers timers, DateTimeOffset now)
{
    private readonly BsonArray _settled = Settled(timers, now);

    public MongoWrite Of(Wake wake) => MongoWrite.Transform(
        wake.LogId,
        MongoFilter.Id(wake.LogId),
        [new("$set", Opened(wake)), new("$set", new BsonDocument("due", Due()))],
        upsert: true);

    private BsonDocument Opened(Wake wake)
    {
        var opened = new BsonDocument
        {
            { "version", Expression("$add", [Expression("$ifNull", ["$version", 0]), 1]) },
            { "state", Expression("$ifNull", ["$state", EnumName<RunState>.Of(RunState.Settling)]) },
            { "revision", Expression("$ifNull", ["$revision", 0]) },
            { "watch_version", Expression("$ifNull", ["$watch_version", 0]) },
            { "complete", Expression("$or", ["$complete", wake.Complete]) },
            { "opened_at", Expression("$ifNull", ["$opened_at", MongoFields.Date(now)]) },
            { "pins", Expression("$ifNull", ["$pins", new BsonArray()]) },
        };
        if (wake.Depth > 0)
            opened.Add("depth", Expression("$ifNull", ["$depth", wake.Depth]));
        if (wake.JudgedId is { } judgedId)
            opened.Add("judged_id", Expression("$ifNull", ["$judged_id", Literal(judgedId)]));
        return opened;
    }

    private BsonDocument Due()
    {
        var settled = Expression("$arrayElemAt", [_settled, Expression("$min", ["$revision", _settled.Count - 1])]);
        if (Unfinished() is not { } due)
            return Expression("$cond", ["$complete", settled, "$due"]);

        var isRejudged = Expression("$gt", ["$revision", 0]);
        return Expression(
            "$cond",
            ["$complete", settled, Expression("$cond", [isRejudged, Expression("$max", [due, settled]), due])]);
    }

    /// <summary>The earlier of the quiet's end and the oldest age; null where neither is set.</summary>
    private BsonDocument? Unfinished()
    {
        var times = new BsonArray();
        if (timers.Quiet is { } quiet)
            times.Add(MongoFields.Date(now + quiet));
        if (timers.MaxAge is { } age)
            times.Add(Expression("$add", ["$opened_at", (long)age.TotalMilliseconds]));
        return times.Count == 0 ? null : Expression("$min", times);
    }

    /// <summary>By revision, until it changes no more.</summary>
    private static BsonArray Settled(WakeTimers timers, DateTimeOffset now)
    {
        var dues = new BsonArray();
        var revision = 0;
        do
            dues.Add(MongoFields.Date(timers.Due(now, complete: true, revision, openedAt: now)!.Value));
        while (timers.SettleAfter(revision) != timers.SettleAfter(++revision));
        return dues;
    }

    /// <summary>Ids are the producers' own, and may begin as a path in a document does.</summary>
    private static BsonDocument Literal(string text) => new("$literal", text);

    private static BsonDocument Expression(string name, BsonArray arguments) => new(name, arguments);
}
