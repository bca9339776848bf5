using Worker.Evaluation;
using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>
/// A wake as one update, whatever the run is by then. The server only looks <c>due</c> up: what <see cref="WakeTimers.Due"/>
/// says is computed here, for every revision that it tells apart, and for a run that opens now or is open.
/// </summary>
internal sealed class WakeUpdate(WakeTimers timers, DateTimeOffset now)
{
    private readonly BsonArray _dueWhenComplete = DueWhenComplete(timers, now);

    public MongoUpdate Of(Wake wake) => MongoUpdate.Of(wake.LogId, MongoFilter.Id(wake.LogId), [Stage(Opened(wake)), Stage(new() { { "due", Due() } })], upsert: true);

    private BsonDocument Opened(Wake wake) => new()
    {
        { "version", new BsonDocument { { "$add", new BsonArray { IfNull("$version", new() { { "$literal", 0 } }), new BsonDocument { { "$literal", 1 } } } } } },
        { "state", IfNull("$state", new() { { "$literal", EnumName<RunState>.Of(RunState.Settling) } }) },
        { "revision", IfNull("$revision", new() { { "$literal", 0 } }) },
        { "watch_version", IfNull("$watch_version", new() { { "$literal", 0 } }) },
        { "complete", new BsonDocument { { "$or", new BsonArray { "$complete", new BsonDocument { { "$literal", wake.Complete } } } } } },
        { "opened_at", IfNull("$opened_at", new() { { "$literal", now } }) },
        { "pins", IfNull("$pins", new() { { "$literal", new BsonArray() } }) },
    };

    private BsonDocument Due()
    {
        var place = new BsonDocument { { "$min", new BsonArray { "$revision", _dueWhenComplete.Count - 1 } } };
        var complete = new BsonDocument { { "$arrayElemAt", new BsonArray { _dueWhenComplete, place } } };
        return new() { { "$cond", new BsonArray { "$complete", complete, IfNull(DueWhenUnfinished(), "$due") } } };
    }

    /// <summary>The earlier of the quiet's end and the oldest age, where both are set; null where neither is.</summary>
    private BsonDocument DueWhenUnfinished()
    {
        var times = new BsonArray();
        if (timers.Quiet is { } quiet)
            times.Add(now + quiet);
        if (timers.MaxAge is { } age)
            times.Add(new BsonDocument { { "$add", new BsonArray { "$opened_at", (long)age.TotalMilliseconds } } });
        return new() { { "$min", times } };
    }

    /// <summary>By revision, until it changes no more.</summary>
    private static BsonArray DueWhenComplete(WakeTimers timers, DateTimeOffset now)
    {
        var dues = new BsonArray();
        var revision = 0;
        do
            dues.Add(timers.Due(now, complete: true, revision, openedAt: now)!.Value);
        while (timers.SettleAfter(revision) != timers.SettleAfter(++revision));
        return dues;
    }

    private static BsonDocument Stage(BsonDocument fields) => new() { { "$set", fields } };

    private static BsonDocument IfNull(string field, BsonDocument otherwise) => new() { { "$ifNull", new BsonArray { field, otherwise } } };

    private static BsonDocument IfNull(BsonDocument value, string otherwise) => new() { { "$ifNull", new BsonArray { value, otherwise } } };
}
