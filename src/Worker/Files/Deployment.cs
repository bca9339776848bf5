using Worker.Traces;

namespace Worker.Files;

/// <summary>A Version in a named slot of its File.</summary>
/// <param name="Environment">The slot; <see cref="DefaultEnvironment"/> is the File's default deployment.</param>
internal sealed record Deployment(string FileId, string Environment, string VersionId)
{
    public const string DefaultEnvironment = VersionRequest.DefaultEnvironment;

    public DeploymentKey Key => new(FileId, Environment);
}
