using Worker.Storage;
using Worker.Traces;

namespace Worker.Retention;

/// <summary>Finds the Logs that a person's request is about.</summary>
internal sealed class ErasedLogs(ITraceStore traces, ILogStore logs, ILogListing listing)
{
    /// <summary>Those of the ids that stand.</summary>
    public async Task<IReadOnlyList<string>> NamedAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var found = await logs.ReadAsync(ids, cancellationToken);
        return [.. ids.Where(id => found.GetValueOrDefault(id) is { IsDeleted: false })];
    }

    /// <summary>
    /// The outermost Logs of every trace in which a Log names one of the users, with who that is. A conversation is
    /// none: others may talk in it, too. Reads every Log that is stored.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> OfUsersAsync(
        IReadOnlySet<string> users, CancellationToken cancellationToken)
    {
        var heads = new Dictionary<string, string>(StringComparer.Ordinal);
        if (users.Count == 0)
            return heads;
        await foreach (var page in listing.AllAsync(cancellationToken))
        {
            foreach (var log in page.Where(log => !log.IsConversation))
            {
                if (log.Text(LogFields.User) is { } user && users.Contains(user))
                    heads.TryAdd(await OutermostAsync(log.Id, cancellationToken), user);
            }
        }

        return heads;
    }

    /// <summary>The conversations right above those Logs.</summary>
    public async Task<IReadOnlySet<string>> ConversationsAsync(
        IReadOnlyCollection<string> heads, CancellationToken cancellationToken)
    {
        var found = await logs.ReadAsync(heads, cancellationToken);
        return found.Values.Select(log => log.ParentId).OfType<string>().Where(DerivedIds.IsConversation)
            .ToHashSet(StringComparer.Ordinal);
    }

    private async Task<string> OutermostAsync(string logId, CancellationToken cancellationToken)
    {
        var path = await traces.PathAboveAsync(logId, cancellationToken);
        return path.TakeWhile(log => !log.IsConversation).LastOrDefault()?.Id ?? logId;
    }
}
