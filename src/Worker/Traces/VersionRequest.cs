namespace Worker.Traces;

/// <summary>
/// What a Log asks for in File and Version, and the keys under which a store is asked: <c>file:ID</c>, <c>version:ID</c>,
/// <c>deployment:FILE_ID:ENVIRONMENT</c>.
/// </summary>
internal static class VersionRequest
{
    public static string FileKey(string fileId) => "file:" + fileId;

    public static string VersionKey(string versionId) => "version:" + versionId;

    public static string DeploymentKey(string fileId, string environment) => $"deployment:{fileId}:{environment}";
}
