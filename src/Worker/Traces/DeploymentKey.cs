namespace Worker.Traces;

/// <summary>What is deployed to that Environment of that File.</summary>
internal sealed record DeploymentKey(string FileId, string Environment) : CatalogKey
{
    public override string ToString() => $"deployment to {Environment} of file {FileId}";
}
