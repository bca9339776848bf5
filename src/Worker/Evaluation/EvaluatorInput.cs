namespace Worker.Evaluation;

/// <summary>What an Evaluator is asked about.</summary>
/// <param name="Key">The verdict's id: the same however often it is asked for. Serves as idempotency key.</param>
/// <param name="LogId">The judged Log.</param>
/// <param name="Path">The Evaluator's.</param>
/// <param name="VersionId">The Evaluator's.</param>
/// <param name="Log">
/// The judged Log as JSON (UTF-8), an object as <c>GET /v5/logs/{id}</c> answers it; for a Flow Log with
/// <c>trace_children</c> (those under it, each with its own). Without verdicts, so that it is the same at each try.
/// </param>
/// <param name="IsTruncated">
/// The trace was too large: of its Logs, those furthest down are left out, and the JSON says <c>truncated: true</c>.
/// </param>
internal sealed record EvaluatorInput(
    string Key, string LogId, int Revision, string Path, string VersionId, ReadOnlyMemory<byte> Log, bool IsTruncated);
