namespace Worker.Transfer;

/// <summary>
/// The names in an export, as the service's own export script writes them. Logs without a File, for which that has no
/// place, lie in <see cref="Logs"/> beside <see cref="Files"/>.
/// </summary>
internal static class ExportLayout
{
    public const string Files = "files";
    public const string Logs = "logs";
    public const string Versions = "versions";
    public const string Evaluations = "evaluations";
    public const string Datapoints = "datapoints";
    public const string FileJson = "file.json";
    public const string DeploymentsJson = "deployments.json";

    /// <summary>Its folder is whole.</summary>
    public const string Done = ".done";

    /// <summary>How far an import has come.</summary>
    public const string Position = ".worker-import.json";

    /// <summary>So many Logs are in one file at most.</summary>
    public const int LogsInFile = 1_000;

    /// <summary>Of a file within the export, the same on every system.</summary>
    public static string Name(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');

    public static string LogsFile(int number) => $"{number}.jsonl";

    /// <summary>The folders of Files, by name; an id with a slash has made folders in folders.</summary>
    public static IEnumerable<string> FoldersOfFiles(string root)
    {
        var open = new Stack<string>([Path.Combine(root, Files)]);
        while (open.TryPop(out var folder))
        {
            if (File.Exists(Path.Combine(folder, FileJson)))
            {
                yield return folder;
                continue;
            }

            foreach (var below in Directory.EnumerateDirectories(folder).OrderDescending(StringComparer.Ordinal))
                open.Push(below);
        }
    }

    /// <summary>The files of Logs in a folder, in the order of their numbers.</summary>
    public static IEnumerable<string> LogFiles(string folder)
    {
        var logs = Path.Combine(folder, Logs);
        return Directory.Exists(logs)
            ? Directory.EnumerateFiles(logs, "*.jsonl")
                .OrderBy(file => file.Length)
                .ThenBy(file => file, StringComparer.Ordinal)
            : [];
    }
}
