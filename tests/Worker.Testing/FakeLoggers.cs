using Microsoft.Extensions.Logging.Testing;

namespace Worker.Testing;

/// <summary>What a logger was told, by the event's name.</summary>
internal static class FakeLoggers
{
    public static IReadOnlyList<string> Of(this FakeLogger logger, string eventName) =>
        [.. logger.Collector.GetSnapshot().Where(record => record.Id.Name == eventName).Select(
            record => $"{record.Message} {record.Exception}")];
}
