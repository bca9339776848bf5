namespace Worker.Storage.MongoDb;

/// <summary>The names of the collections.</summary>
internal static class MongoCollections
{
    public const string Logs = "logs";
    public const string Files = "files";
    public const string Versions = "versions";
    public const string Deployments = "deployments";
    public const string Monitorings = "monitorings";
    public const string Runs = "runs";
    public const string Decisions = "decisions";
    public const string Attempts = "attempts";
    public const string EvaluatorLogs = "evaluator_logs";
    public const string Budgets = "budgets";
    public const string Alerts = "alerts";
    public const string Poison = "poison";
    public const string Keys = "keys";
    public const string Removals = "removals";
    public const string Pins = "pins";
    public const string Audit = "audit";
    public const string Workers = "workers";

    /// <summary>What the worker knows of the database itself.</summary>
    public const string Worker = "worker";
}
