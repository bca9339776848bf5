using System.Collections.Immutable;
using Worker.Evaluation;
using Worker.Storage.Bson;

namespace Worker.Storage.MongoDb;

/// <summary>A run and its decisions as documents. Their times are dates, which hold whole milliseconds.</summary>
internal static class RunBson
{
    /// <summary>The document that stands for the next version of the run.</summary>
    public static BsonDocument Write(Run run) => new()
    {
        { "_id", run.LogId },
        { "version", run.Version + 1 },
        { "state", EnumName<RunState>.Of(run.State) },
        { "revision", run.Revision },
        { "due", run.Due },
        { "watch_version", run.WatchVersion },
        { "complete", run.Complete },
        { "opened_at", run.OpenedAt },
        { "digest", run.Digest },
        { "begun_at", run.BegunAt },
        { "judged_at", run.JudgedAt },
        { "finished_by", run.FinishedBy is { } finishedBy ? EnumName<FinishedBy>.Of(finishedBy) : null },
        { "pins", run.Pins.Select(Write) },
        { "waiting_for", run.WaitingFor },
        { "members", run.Members is { } members ? BsonArray.Of(members) : null },
        { "owner", run.Owner },
        { "lease_until", run.LeaseUntil },
    };

    public static Run Read(BsonView run) => new()
    {
        LogId = run["_id"].AsString(),
        Version = run["version"].AsInt32(),
        State = EnumName<RunState>.Parse(run["state"].AsString()),
        Revision = run["revision"].AsInt32(),
        Due = run.Instant("due"),
        WatchVersion = run["watch_version"].AsInt32(),
        Complete = run["complete"].AsBool(),
        OpenedAt = run.Instant("opened_at")!.Value,
        Digest = run.Text("digest"),
        BegunAt = run.Instant("begun_at"),
        JudgedAt = run.Instant("judged_at"),
        FinishedBy = run.Text("finished_by") is { } finishedBy ? EnumName<FinishedBy>.Parse(finishedBy) : null,
        Pins = [.. run["pins"].AsView().Items().Select(pin => ReadPin(pin.AsView()))],
        WaitingFor = run.Text("waiting_for"),
        Members = run.Find("members")?.AsView().Items().Select(member => member.AsString()).ToImmutableArray(),
        Owner = run.Text("owner"),
        LeaseUntil = run.Instant("lease_until"),
    };

    public static BsonDocument Write(Decision decision) => new()
    {
        { "log_id", decision.LogId },
        { "revision", decision.Revision },
        { "evaluator_id", decision.EvaluatorId },
        { "evaluator_version_id", decision.EvaluatorVersionId },
        { "outcome", EnumName<Outcome>.Of(decision.Outcome) },
        { "reason", decision.Reason },
        { "at", decision.At },
    };

    public static Decision ReadDecision(BsonView decision) => new(
        decision["log_id"].AsString(),
        decision["revision"].AsInt32(),
        decision["evaluator_id"].AsString(),
        decision["evaluator_version_id"].AsString(),
        EnumName<Outcome>.Parse(decision["outcome"].AsString()),
        decision.Text("reason"),
        decision.Instant("at")!.Value);

    private static BsonDocument Write(Pin pin) => new()
    {
        { "evaluator_id", pin.EvaluatorId },
        { "evaluator_version_id", pin.EvaluatorVersionId },
        { "outcome", EnumName<Outcome>.Of(pin.Outcome) },
        { "reason", pin.Reason },
    };

    private static Pin ReadPin(BsonView pin) => new(
        pin["evaluator_id"].AsString(), pin["evaluator_version_id"].AsString(), EnumName<Outcome>.Parse(pin["outcome"].AsString()), pin.Text("reason"));
}
