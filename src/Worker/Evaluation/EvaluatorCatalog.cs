using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Yaml;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// The Evaluators in the files, as they were at the start, and which Logs they are attached to: by the files, and by
/// what was said since (see <see cref="StoredAttachments"/>).
/// </summary>
internal sealed class EvaluatorCatalog : IAttachments
{
    private const int RememberedFiles = 10_000;

    private readonly ConcurrentDictionary<(LogKind Kind, string? Path, string? FileId), IReadOnlyList<Evaluator>>
        _attached = new();
    private readonly Dictionary<string, Evaluator> _byVersion;
    private readonly FrozenSet<LogKind> _attachedKinds;
    private volatile FrozenDictionary<string, Evaluator[]> _attachedSince = FrozenDictionary<string, Evaluator[]>.Empty;

    public EvaluatorCatalog(IReadOnlyCollection<Evaluator> evaluators)
    {
        All = [.. evaluators.OrderBy(evaluator => evaluator.Path, StringComparer.Ordinal)];
        _byVersion = All.ToDictionary(evaluator => evaluator.VersionId, StringComparer.Ordinal);
        var attachments = All.SelectMany(evaluator => evaluator.Attachments).ToList();
        _attachedKinds = Enum.GetValues<LogKind>()
            .Where(kind => attachments.Any(attachment => attachment.MayCover(kind)))
            .ToFrozenSet();
    }

    public EvaluatorCatalog(EvaluatorReader reader, IOptions<EvaluationOptions> options)
        : this(Load(reader, Path.Combine(AppContext.BaseDirectory, options.Value.Evaluators)))
    {
    }

    /// <summary>By path.</summary>
    public IReadOnlyList<Evaluator> All { get; }

    /// <summary>Replaces what was attached by message, File by File. Counts from the next revision of a run.</summary>
    public void Attach(FrozenDictionary<string, Evaluator[]> byFile) => _attachedSince = byFile;

    /// <summary>
    /// The Evaluators that judge that Log, by path. Where one is attached both by the files and by message, the message
    /// decides which Version judges. None judges history.
    /// </summary>
    public IReadOnlyList<Evaluator> AttachedTo(Log log)
    {
        if (log.IsHistory)
            return [];
        var key = (log.Kind, log.Path, FileId: log.Resolution?.FileId ?? log.Text(LogFields.FileId));
        var byFiles = AttachedByFiles(key);
        return key.FileId is not null && _attachedSince.TryGetValue(key.FileId, out var since)
            ? [.. since.UnionBy(byFiles, each => each.Id).OrderBy(each => each.Path, StringComparer.Ordinal)]
            : byFiles;
    }

    private IReadOnlyList<Evaluator> AttachedByFiles((LogKind Kind, string? Path, string? FileId) key)
    {
        if (_attached.TryGetValue(key, out var known))
            return known;

        // Paths are the producers' own: forgetting them all now and then keeps a flood of them from filling the memory.
        if (_attached.Count >= RememberedFiles)
            _attached.Clear();
        return _attached.GetOrAdd(key, file =>
        [
            .. All.Where(evaluator => evaluator.Attachments.Any(
                attachment => attachment.Covers(file.Kind, file.Path, file.FileId))),
        ]);
    }

    public bool MayAttach(LogKind kind) => _attachedKinds.Contains(kind) || _attachedSince.Count > 0;

    public bool Attaches(Log log) => AttachedTo(log).Count > 0;

    /// <summary>Null when the files hold another Version by now, or none.</summary>
    public Evaluator? Version(string versionId) => _byVersion.GetValueOrDefault(versionId);

    /// <summary>Reads one file. Throws <see cref="EvaluatorFileException"/> with all its mistakes.</summary>
    public static Evaluator LoadOne(EvaluatorReader reader, string file)
    {
        var mistakes = new YamlErrors(Path.GetFileName(file));
        return reader.Read(File.ReadAllText(file), mistakes)
            ?? throw new EvaluatorFileException(string.Join('\n', mistakes.Lines));
    }

    /// <summary>
    /// Reads every <c>*.yaml</c> in the folder. Throws <see cref="EvaluatorFileException"/> with all mistakes of all
    /// files.
    /// </summary>
    public static IReadOnlyList<Evaluator> Load(EvaluatorReader reader, string folder)
    {
        if (!Directory.Exists(folder))
            throw new EvaluatorFileException(
                $"The folder of Evaluator files {folder} does not exist; " +
                "make it, or name another in Evaluation:Evaluators.");

        var evaluators = new List<(string File, Evaluator Evaluator)>();
        var problems = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            var mistakes = new YamlErrors(Path.GetFileName(file));
            if (reader.Read(File.ReadAllText(file), mistakes) is { } evaluator)
                evaluators.Add((Path.GetFileName(file), evaluator));
            problems.AddRange(mistakes.Lines);
        }

        problems.AddRange(evaluators
            .GroupBy(each => each.Evaluator.Id)
            .Where(same => same.Count() > 1)
            .Select(same =>
                $"{string.Join(" and ", same.Select(each => each.File))}, path: " +
                $"Both name \"{same.First().Evaluator.Path}\"; one file for each path is accepted."));
        return problems.Count == 0
            ? [.. evaluators.Select(each => each.Evaluator)]
            : throw new EvaluatorFileException(string.Join('\n', problems));
    }
}
