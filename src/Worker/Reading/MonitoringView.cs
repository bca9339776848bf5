using Worker.Files;

namespace Worker.Reading;

/// <summary>An Evaluator that was attached to a File, or taken from it again.</summary>
/// <param name="Evaluator">As a File, with the Version that judges; without one where none is deployed.</param>
internal sealed record MonitoringView(Monitoring Monitoring, FileView Evaluator);
