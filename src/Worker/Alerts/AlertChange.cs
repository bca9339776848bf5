using Worker.Storage;

namespace Worker.Alerts;

/// <summary>How it stands after a look, and what came to pass by it, in that order.</summary>
internal sealed record AlertChange(AlertState State, IReadOnlyList<AlertEvent> Events);
