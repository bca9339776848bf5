using System.Collections.Concurrent;
using System.Collections.Frozen;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// The Evaluators in the files, and which Logs they are attached to: by the files, and by what was said since (see
/// <see cref="StoredAttachments"/>). Either may be replaced at any time, and counts from the next revision of a run.
/// </summary>
internal sealed class EvaluatorCatalog : IAttachments
{
    private const int RememberedFiles = 10_000;

    private volatile InFiles _files;
    private volatile FrozenDictionary<string, Evaluator[]> _attachedSince = FrozenDictionary<string, Evaluator[]>.Empty;

    public EvaluatorCatalog(IReadOnlyCollection<Evaluator> evaluators) => _files = new(evaluators);

    public EvaluatorCatalog(EvaluatorFolder folder)
        : this(folder.Read())
    {
    }

    /// <summary>By path.</summary>
    public IReadOnlyList<Evaluator> All => _files.All;

    /// <summary>Replaces what is in the files.</summary>
    public void Replace(IReadOnlyCollection<Evaluator> evaluators) => _files = new(evaluators);

    /// <summary>Replaces what was attached by message, File by File.</summary>
    public void Attach(FrozenDictionary<string, Evaluator[]> byFile) => _attachedSince = byFile;

    /// <summary>
    /// The Evaluators that judge that Log, by path. Where one is attached both by the files and by message, the message
    /// decides which Version judges. None judges history, nor its own verdicts.
    /// </summary>
    public IReadOnlyList<Evaluator> AttachedTo(Log log)
    {
        if (log.IsHistory)
            return [];
        var file = JudgedFile.Of(log);
        var byFiles = Narrowed(_files.AttachedTo(file), file, log);
        IReadOnlyList<Evaluator> attached = file.FileId is not null
            && _attachedSince.TryGetValue(file.FileId, out var since)
                ? [.. since.UnionBy(byFiles, each => each.Id).OrderBy(each => each.Path, StringComparer.Ordinal)]
                : byFiles;
        return log.Kind == LogKind.Evaluator ? [.. Without(attached, file.FileId)] : attached;
    }

    /// <summary>
    /// Those in the files and those that were attached since, by path; each once, in the Version that judges by message
    /// where there is one.
    /// </summary>
    public IReadOnlyList<Evaluator> Known =>
        [.. _attachedSince.Values.SelectMany(each => each).UnionBy(All, each => each.Id)
            .OrderBy(each => each.Path, StringComparer.Ordinal)];

    /// <summary>Whether that Evaluator may be attached to Logs of that File.</summary>
    public bool MayJudge(string evaluatorId, JudgedFile file) =>
        _files.AttachedTo(file).Any(each => each.Id == evaluatorId)
        || (file.FileId is not null && _attachedSince.TryGetValue(file.FileId, out var since)
            && since.Any(each => each.Id == evaluatorId));

    public bool MayAttach(LogKind kind) => _files.Kinds.Contains(kind) || _attachedSince.Count > 0;

    public bool Attaches(Log log) => AttachedTo(log).Count > 0;

    /// <summary>Null when the files hold another Version by now, or none.</summary>
    public Evaluator? Version(string versionId) => _files.ByVersion.GetValueOrDefault(versionId);

    /// <summary>Which of those that are attached to the Log's File are attached to the Log.</summary>
    private static IReadOnlyList<Evaluator> Narrowed(IReadOnlyList<Evaluator> attached, JudgedFile file, Log log) =>
        attached.Any(IsNarrow) ? [.. Fitting(attached, file, log)] : attached;

    private static IEnumerable<Evaluator> Fitting(IReadOnlyList<Evaluator> attached, JudgedFile file, Log log) =>
        attached.Where(each => !IsNarrow(each) || Includes(each, file, log));

    private static IEnumerable<Evaluator> Without(IReadOnlyList<Evaluator> attached, string? evaluatorId) =>
        attached.Where(each => each.Id != evaluatorId);

    private static bool IsNarrow(Evaluator evaluator) => evaluator.Attachments.Any(attachment => attachment.IsNarrow);

    private static bool Includes(Evaluator evaluator, JudgedFile file, Log log) =>
        evaluator.Attachments.Any(attachment => attachment.Covers(file) && attachment.Includes(log));

    /// <summary>What the files hold at one time, and what that comes to.</summary>
    private sealed class InFiles
    {
        private readonly ConcurrentDictionary<JudgedFile, IReadOnlyList<Evaluator>> _attached = new();

        public InFiles(IReadOnlyCollection<Evaluator> evaluators)
        {
            All = [.. evaluators.OrderBy(evaluator => evaluator.Path, StringComparer.Ordinal)];
            ByVersion = All.ToFrozenDictionary(evaluator => evaluator.VersionId, StringComparer.Ordinal);
            var attachments = All.SelectMany(evaluator => evaluator.Attachments).ToList();
            Kinds = Enum.GetValues<LogKind>()
                .Where(kind => attachments.Any(attachment => attachment.MayCover(kind)))
                .ToFrozenSet();
        }

        public IReadOnlyList<Evaluator> All { get; }

        public FrozenDictionary<string, Evaluator> ByVersion { get; }

        /// <summary>The kinds of Logs to which any may be attached.</summary>
        public FrozenSet<LogKind> Kinds { get; }

        public IReadOnlyList<Evaluator> AttachedTo(JudgedFile judged)
        {
            if (_attached.TryGetValue(judged, out var known))
                return known;

            // Paths are the producers' own: forgetting them all now and then keeps a flood of them from filling the
            // memory.
            if (_attached.Count >= RememberedFiles)
                _attached.Clear();
            return _attached.GetOrAdd(judged, file =>
                [.. All.Where(evaluator => evaluator.Attachments.Any(attachment => attachment.Covers(file)))]);
        }
    }
}
