using Worker.Errors;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Assessment;

/// <summary>
/// Compares an Evaluator's verdicts with people's on the same Logs, while it reads them: memory grows with the people
/// on one Log and the Versions of the Evaluator, not with what is stored. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class AgreementReader(
    IPostedVerdictStore posted,
    IEvaluatorLogStore verdicts,
    IRunStore runs,
    IFileStore files,
    EvaluatorCatalog catalog)
{
    /// <summary>Verdicts may hold long prompts: few Logs at once.</summary>
    private const int Page = 50;

    /// <summary>
    /// Of all that people judged. Null where no Evaluator is called that, neither in the files nor in the store.
    /// </summary>
    /// <param name="show">Told how far it is, a page at a time.</param>
    public async Task<Agreement?> ReadAsync(
        AgreementQuery query, Action<Agreement> show, CancellationToken cancellationToken) =>
        await FindAsync(query.Evaluator, cancellationToken) is { } evaluator
            ? await ReadAsync(query, evaluator, posted.JudgedAsync(cancellationToken), show, cancellationToken)
            : null;

    /// <summary>Null where no Evaluator is called that, neither in the files nor in the store.</summary>
    /// <param name="name">Its path, as it is normal, or its id.</param>
    public async Task<ComparedEvaluator?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (catalog.All.FirstOrDefault(each => each.Path == name || each.Id == name) is { } current)
            return new(current.Id, current.Path, current);
        var derived = DerivedIds.File(LogKind.Evaluator, name);
        var found = (await files.ReadAsync([new FileKey(derived), new FileKey(name)], cancellationToken)).Files;
        return (found.GetValueOrDefault(derived) ?? found.GetValueOrDefault(name)) is { Kind: LogKind.Evaluator } file
            ? new(file.Id, file.Path ?? file.Id, Current: null)
            : null;
    }

    /// <summary>Of some Logs.</summary>
    /// <param name="logIds">Each once.</param>
    /// <param name="show">Told how far it is, a page at a time.</param>
    public async Task<Agreement> ReadAsync(
        AgreementQuery query,
        ComparedEvaluator evaluator,
        IAsyncEnumerable<string> logIds,
        Action<Agreement> show,
        CancellationToken cancellationToken)
    {
        var current = evaluator.Current;
        var agreement = new Agreement
        {
            Path = evaluator.Path,
            CurrentVersionId = current?.VersionId,
            CurrentReturns = current?.Judging.Returns.Returns,
            IsFromOutside = current?.IsFromOutside == true,
            IsByPeople = current?.IsHuman == true,
        };
        var reading = new Reading(query, evaluator, new(files, catalog, query.With), agreement);
        await foreach (var ids in logIds.Chunk(Page).WithCancellation(cancellationToken))
        {
            var given = (await verdicts.ReadAsync(ids, cancellationToken))
                .Where(verdict => verdict.EvaluatorId == evaluator.Id)
                .ToLookup(verdict => verdict.LogId, StringComparer.Ordinal);
            foreach (var logId in ids)
                await LookAsync(logId, [.. given[logId]], reading, cancellationToken);
            show(agreement);
        }

        return agreement;
    }

    private async Task LookAsync(
        string logId, List<EvaluatorLog> given, Reading reading, CancellationToken cancellationToken)
    {
        var (people, outside) = await FromOutsideAsync(logId, reading, cancellationToken);
        if (people.IsEmpty)
            return;
        reading.Agreement.JudgedByPeople++;
        var said = (await StandingAsync(logId, given, cancellationToken))
            .DefaultIfEmpty(outside)
            .OfType<GivenVerdict>()
            .Where(verdict => reading.Query.Covers(verdict.At))
            .ToList();
        if (said.Count == 0)
            reading.Agreement.WithoutVerdict++;
        foreach (var verdict in said)
        {
            var version = reading.VersionOf(verdict);
            version.Add(verdict, people.Of(version.Returns, reading.Query.Meant));
        }
    }

    /// <summary>Those of the revision that stands. One that says it comes later is none.</summary>
    private async Task<IEnumerable<GivenVerdict>> StandingAsync(
        string logId, List<EvaluatorLog> given, CancellationToken cancellationToken)
    {
        if (given.Count == 0 || await runs.ReadAsync(logId, cancellationToken) is not { } run)
            return [];
        return given
            .Where(verdict => verdict.Revision == run.Revision && !Judgments.ComesLater(verdict))
            .Select(verdict => new GivenVerdict(
                logId,
                verdict.EvaluatorVersionId,
                verdict.Spec,
                Judgments.Given(verdict.Judgment),
                verdict.Error is not null,
                verdict.EndTime));
    }

    /// <summary>What people say, and the Evaluator's own last verdict where that came from outside, too.</summary>
    private async Task<(PeoplesWord People, GivenVerdict? Own)> FromOutsideAsync(
        string logId, Reading reading, CancellationToken cancellationToken)
    {
        var people = new PeoplesWord();
        Log? own = null;
        await foreach (var page in posted.OnAsync(logId, cancellationToken))
        {
            await reading.Reviewers.LookUpAsync(page, cancellationToken);
            foreach (var verdict in page.Where(verdict => !verdict.IsDeleted))
            {
                if (verdict.Resolution?.FileId == reading.Evaluator.Id)
                    own = own is null || PeoplesWord.IsLater(verdict, own) ? verdict : own;
                else if (reading.Reviewers.IsPeoples(verdict))
                    people.Add(verdict);
            }
        }

        if (own is null)
            return (people, null);
        var spec = reading.Reviewers.SpecOf(own);
        reading.Agreement.IsByPeople |= spec is { } said && Evaluator.SaysHuman(said);
        return (people, new GivenVerdict(
            logId,
            own.Resolution?.VersionId,
            spec,
            Judgments.Given(own.Judgment),
            own.Text(LogFields.Error) is not null,
            Timestamps.ToInstant(own.CreatedAt)));
    }

    /// <summary>What one reading goes by.</summary>
    private sealed record Reading(
        AgreementQuery Query, ComparedEvaluator Evaluator, Reviewers Reviewers, Agreement Agreement)
    {
        public VersionAgreement VersionOf(GivenVerdict verdict) =>
            Agreement.Of(verdict.VersionId, ReturnsOf(verdict), Query.Limit);

        private ReturnType ReturnsOf(GivenVerdict verdict) =>
            (verdict.Spec is { } spec ? JudgmentType.OfSpec(spec)?.Returns : null)
            ?? Evaluator.Current?.Judging.Returns.Returns
            ?? ReturnType.Text;
    }
}
