using System.Collections.Immutable;
using Worker.DeadLetters;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Retention;

/// <summary>
/// Answers a person's request: everything about a Log, or of a user, goes, with what is beneath, every revision's
/// verdicts and dead letters wherever they are. Pins and rules do not count. Killed at any moment, it is made again;
/// what it has begun to remove the next look at what is old ends, too.
/// </summary>
internal sealed class Erasure(
    ErasedLogs erased,
    ITraceStore traces,
    IRunStore runs,
    IEvaluatorLogStore verdicts,
    IPostedVerdictStore posted,
    IPinStore pins,
    TraceRemoval removal,
    LogRemoval logs,
    IDeadLetters letters,
    TimeProvider time)
{
    /// <summary>Traces that are removed together at most.</summary>
    private const int Group = 100;

    /// <param name="dryRun">Only counts.</param>
    public async Task<ErasureReceipt> RunAsync(
        IReadOnlyList<string> ids, IReadOnlyList<string> users, bool dryRun, CancellationToken cancellationToken)
    {
        var receipt = new ErasureReceipt { At = time.GetUtcNow(), DryRun = dryRun, Ids = ids, Users = users };
        if (!dryRun)
            await removal.ResumeAsync(_ => Task.CompletedTask, cancellationToken);
        var named = await erased.NamedAsync(ids, cancellationToken);
        var names = users.ToHashSet(StringComparer.Ordinal);
        var ofUsers = await erased.OfUsersAsync(names, cancellationToken);
        receipt.NotFound.AddRange(ids.Except(named).Concat(users.Except(ofUsers.Values)));

        // Letters also of Logs that are gone already, or never came.
        var about = ids.ToHashSet(StringComparer.Ordinal);
        var heads = named.Union(ofUsers.Keys, StringComparer.Ordinal).ToList();
        foreach (var group in heads.Chunk(Group))
            await EraseAsync([.. group], about, receipt, cancellationToken);
        await EraseAsync(new LetterMatch(about, names), receipt, cancellationToken);
        return receipt;
    }

    private async Task EraseAsync(
        ImmutableArray<string> heads,
        HashSet<string> about,
        ErasureReceipt receipt,
        CancellationToken cancellationToken)
    {
        var beneath = new List<string>();
        foreach (var head in heads)
        {
            await foreach (var page in traces.MembersAsync(head, cancellationToken))
            {
                var members = page.Where(log => !receipt.LogIds.Contains(log.Id)).ToList();
                await CountAsync(members, receipt, cancellationToken);
                about.UnionWith(members.Select(log => log.Id));
                beneath.AddRange(members.Select(log => log.Id).Except(heads));
            }
        }

        if (receipt.DryRun)
            return;
        var conversations = await erased.ConversationsAsync(heads, cancellationToken);
        await removal.RemoveAsync(heads, beneath, receipt.At, _ => Task.CompletedTask, cancellationToken);
        foreach (var id in heads.Concat(beneath))
            receipt.Pins += await pins.UnpinAsync(id, cancellationToken) ? 1 : 0;
        foreach (var conversation in conversations)
        {
            if (!await traces.BeneathAsync(conversation, cancellationToken).AnyAsync(cancellationToken))
                await logs.RemoveAsync([conversation], receipt.At, cancellationToken);
        }
    }

    private async Task CountAsync(
        List<Log> members, ErasureReceipt receipt, CancellationToken cancellationToken)
    {
        foreach (var log in members)
        {
            var kind = log.Kind.WireName();
            receipt.Logs[kind] = receipt.Logs.GetValueOrDefault(kind) + 1;
            receipt.LogIds.Add(log.Id);
        }

        string[] ids = [.. members.Select(log => log.Id)];
        var owned = await CountRunsAsync(ids, receipt, cancellationToken);
        foreach (var judged in await posted.JudgedAmongAsync([.. ids, .. owned], cancellationToken))
        {
            await foreach (var page in posted.OnAsync(judged, cancellationToken))
            {
                receipt.VerdictsFromOutside += page.Count;
                await CountRunsAsync([.. page.Select(verdict => verdict.Id)], receipt, cancellationToken);
            }
        }
    }

    /// <summary>Of those Logs, and of the verdicts on them at any depth, whose ids are returned.</summary>
    private async Task<List<string>> CountRunsAsync(
        IReadOnlyCollection<string> logIds, ErasureReceipt receipt, CancellationToken cancellationToken)
    {
        var owned = new List<string>();
        for (var level = logIds; level.Count > 0;)
        {
            foreach (var id in level)
            {
                receipt.Runs += await runs.ReadAsync(id, cancellationToken) is null ? 0 : 1;
                receipt.Decisions += (await runs.DecisionsAsync(id, cancellationToken)).Count;
            }

            owned.AddRange((await verdicts.ReadAsync(level, cancellationToken)).Select(verdict => verdict.Id));
            level = await runs.JudgedVerdictsAsync(level, cancellationToken);
        }

        receipt.Verdicts += owned.Count;
        return owned;
    }

    private async Task EraseAsync(LetterMatch match, ErasureReceipt receipt, CancellationToken cancellationToken)
    {
        if (!letters.Exist)
            return;
        if (!receipt.DryRun)
        {
            await letters.DiscardAsync(new DeadLetterFilter(Also: IsChosen), around: null, cancellationToken);
            return;
        }

        await foreach (var letter in letters.ListAsync(cancellationToken))
            _ = IsChosen(letter);

        bool IsChosen(DeadLetter letter)
        {
            if (!match.Matches(letter))
                return false;
            receipt.DeadLetterIds.Add(letter.DeadLetterId);
            return true;
        }
    }
}
