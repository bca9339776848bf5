using MongoDB.Bson;
using Worker.Runs;

namespace Worker.Storage.MongoDb;

/// <summary>A run and its decisions as documents. Their times are dates, which hold whole milliseconds.</summary>
internal static class RunBson
{
    /// <summary>
    /// The document that stands for the next version of the run, but for its <c>_id</c>, which the statement's filter
    /// says.
    /// </summary>
    public static BsonDocument Write(Run run) => MongoFields.Document(
        ("version", run.Version + 1),
        ("depth", run.Depth == 0 ? null : (BsonValue)run.Depth),
        ("judged_id", run.JudgedId),
        ("state", EnumName<RunState>.Of(run.State)),
        ("revision", run.Revision),
        ("due", MongoFields.Date(run.Due)),
        ("watch_version", run.WatchVersion),
        ("complete", run.Complete),
        ("opened_at", MongoFields.Date(run.OpenedAt)),
        ("digest", run.Digest),
        ("begun_at", MongoFields.Date(run.BegunAt)),
        ("judged_at", MongoFields.Date(run.JudgedAt)),
        ("finished_by", run.FinishedBy is { } finishedBy ? EnumName<FinishedBy>.Of(finishedBy) : null),
        ("pins", new BsonArray(run.Pins.Select(Write))),
        ("waiting_for", run.WaitingFor),
        ("members", run.Members is { } members ? new BsonArray(members) : null),
        ("owner", run.Owner),
        ("lease_until", MongoFields.Date(run.LeaseUntil)));

    public static Run Read(BsonDocument run) => new()
    {
        LogId = run["_id"].AsString,
        Version = run["version"].ToInt32(),
        Depth = run.TryGetValue("depth", out var depth) ? depth.ToInt32() : 0,
        JudgedId = run.Text("judged_id"),
        State = EnumName<RunState>.Parse(run["state"].AsString),
        Revision = run["revision"].ToInt32(),
        Due = run.Instant("due"),
        WatchVersion = run["watch_version"].ToInt32(),
        Complete = run["complete"].AsBoolean,
        OpenedAt = run.Instant("opened_at")!.Value,
        Digest = run.Text("digest"),
        BegunAt = run.Instant("begun_at"),
        JudgedAt = run.Instant("judged_at"),
        FinishedBy = run.Text("finished_by") is { } finishedBy ? EnumName<FinishedBy>.Parse(finishedBy) : null,
        Pins = [.. run["pins"].AsBsonArray.Select(pin => ReadPin(pin.AsBsonDocument))],
        WaitingFor = run.Text("waiting_for"),
        Members = run.TryGetValue("members", out var members)
            ? [.. members.AsBsonArray.Select(member => member.AsString)]
            : null,
        Owner = run.Text("owner"),
        LeaseUntil = run.Instant("lease_until"),
    };

    public static BsonDocument Write(Decision decision) => MongoFields.Document(
        ("log_id", decision.LogId),
        ("revision", decision.Revision),
        ("evaluator_id", decision.EvaluatorId),
        ("evaluator_version_id", decision.EvaluatorVersionId),
        ("outcome", EnumName<Outcome>.Of(decision.Outcome)),
        ("reason", decision.Reason),
        ("at", MongoFields.Date(decision.At)));

    public static Decision ReadDecision(BsonDocument decision) => new(
        decision["log_id"].AsString,
        decision["revision"].ToInt32(),
        decision["evaluator_id"].AsString,
        decision["evaluator_version_id"].AsString,
        EnumName<Outcome>.Parse(decision["outcome"].AsString),
        decision.Text("reason"),
        decision.Instant("at")!.Value);

    private static BsonDocument Write(Pin pin) => MongoFields.Document(
        ("evaluator_id", pin.EvaluatorId),
        ("evaluator_version_id", pin.EvaluatorVersionId),
        ("outcome", EnumName<Outcome>.Of(pin.Outcome)),
        ("reason", pin.Reason),
        ("not_before", MongoFields.Date(pin.NotBefore)),
        ("tries", pin.Tries == 0 ? null : (BsonValue)pin.Tries));

    private static Pin ReadPin(BsonDocument pin) => new(
        pin["evaluator_id"].AsString,
        pin["evaluator_version_id"].AsString,
        EnumName<Outcome>.Parse(pin["outcome"].AsString),
        pin.Text("reason"),
        pin.Instant("not_before"),
        pin.TryGetValue("tries", out var tries) ? tries.ToInt32() : 0);
}
