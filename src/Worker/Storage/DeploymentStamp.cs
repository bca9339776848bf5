using System.Globalization;
using Worker.Files;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>When a deployment was said, as stores write and compare it: as text, the later one stands higher.</summary>
internal static class DeploymentStamp
{
    private const int Digits = 20;

    public static string Of(Deployment deployment) =>
        (deployment.OccurredAt - Timestamps.First).ToString("D20", CultureInfo.InvariantCulture) + deployment.MessageId;

    /// <summary>The same deployment, said when that stamp says.</summary>
    public static Deployment With(Deployment deployment, string stamp) => deployment with
    {
        OccurredAt = long.Parse(stamp.AsSpan(0, Digits), CultureInfo.InvariantCulture) + Timestamps.First,
        MessageId = stamp[Digits..],
    };
}
