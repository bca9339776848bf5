namespace Worker.Evaluation.Yaml;

/// <summary>
/// Every <c>*.yaml</c> in a folder and in the folders under it. What begins with a dot is passed over: an editor's own
/// files, and the folders to which the files of a mounted ConfigMap are links.
/// </summary>
/// <param name="path">Relative to the program's own folder when not absolute.</param>
internal sealed class YamlFolder(string path)
{
    public string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, path);

    public bool Exists => Directory.Exists(Path);

    /// <summary>
    /// Their paths, in ordinal order. Throws <see cref="DirectoryNotFoundException"/> where there is no folder.
    /// </summary>
    public IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path, "*.yaml", SearchOption.AllDirectories)
            .Where(file => !IsHidden(NameOf(file)))
            .Order(StringComparer.Ordinal);

    /// <summary>A file of it as people call it: by its path in the folder.</summary>
    public string NameOf(string file) => System.IO.Path.GetRelativePath(Path, file);

    /// <summary>
    /// Changes with any file's name, size or time, or with what a link leads to; empty where there is no file.
    /// </summary>
    public string State() => Exists ? string.Join('\n', Files().Select(StateOf)) : "";

    private static string StateOf(string file)
    {
        var info = new FileInfo(file);
        var content = info.LinkTarget is null ? info : (FileInfo)info.ResolveLinkTarget(returnFinalTarget: true)!;
        return $"{file} {content.Length} {content.LastWriteTimeUtc.Ticks}";
    }

    private static bool IsHidden(string name) =>
        name.Split(System.IO.Path.DirectorySeparatorChar).Any(part => part.StartsWith('.'));
}
