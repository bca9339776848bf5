namespace Worker.Alerts;

/// <summary>What counts against an alert.</summary>
/// <param name="Id">Of a verdict, a Log that waits, or a dead letter.</param>
/// <param name="LogId">The judged Log of a verdict.</param>
internal sealed record Contribution(string Id, string? LogId = null);
