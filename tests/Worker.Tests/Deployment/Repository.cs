namespace Worker.Tests.Deployment;

/// <summary>The files as they lie in the repository, not as they are built.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Worker.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("Worker.sln was not found above the tests.");
    }
}
