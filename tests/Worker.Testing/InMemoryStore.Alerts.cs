using System.Runtime.CompilerServices;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

internal sealed partial class InMemoryStore : IAlertStore, IVerdictListing
{
    private readonly Dictionary<string, AlertState> _alerts = new(StringComparer.Ordinal);

    Task<IReadOnlyList<AlertState>> IAlertStore.ListAsync(CancellationToken cancellationToken) =>
        Do(IReadOnlyList<AlertState> () => [.. _alerts.Values.OrderBy(alert => alert.Name, StringComparer.Ordinal)]);

    Task<AlertState?> IAlertStore.ReadAsync(string name, CancellationToken cancellationToken) =>
        Do(() => _alerts.GetValueOrDefault(name));

    public Task<bool> SaveAsync(AlertState state, CancellationToken cancellationToken) => Do(() =>
    {
        if ((_alerts.GetValueOrDefault(state.Name)?.Version ?? 0) != state.Version)
            return false;
        _alerts[state.Name] = state with { Version = state.Version + 1 };
        return true;
    });

    async IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> IVerdictListing.ReadAsync(
        string evaluatorId, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await Do(() => _verdicts.Values
            .Where(verdict => verdict.EvaluatorId == evaluatorId && verdict.EndTime >= from && verdict.EndTime < until)
            .OrderByDescending(verdict => verdict.EndTime)
            .ThenByDescending(verdict => verdict.Id, StringComparer.Ordinal)
            .ToList());
        foreach (var page in found.Chunk(100))
            yield return [.. page.Select(ToLine)];
    }

    public Task<PutOff> PutOffAsync(
        Outcome outcome, string? evaluatorId, int most, CancellationToken cancellationToken) => Do(() =>
    {
        var found = _decisions.Values
            .Where(each => each.Outcome == outcome && (evaluatorId is null || each.EvaluatorId == evaluatorId))
            .ToList();
        return new PutOff(found.Count, [.. found.Take(most).Select(each => each.LogId)]);
    });

    private static VerdictLine ToLine(EvaluatorLog verdict)
    {
        var details = verdict.Details is { } said ? System.Text.Json.JsonElement.Parse(said.Utf8.Span) : default;
        return new(
            verdict.Id,
            verdict.LogId,
            verdict.Judgment,
            verdict.Error is not null,
            Detail("later")?.ToString() == "true",
            VerdictLine.ToCost(Detail("cost")),
            verdict.StartTime,
            verdict.EndTime)
        {
            VersionId = verdict.EvaluatorVersionId,
            Tokens = VerdictLine.ToTokens(Detail("input_tokens"), Detail("output_tokens")),
        };

        JsonValue? Detail(string name) =>
            details.ValueKind == System.Text.Json.JsonValueKind.Object && details.TryGetProperty(name, out var value)
                ? JsonValue.Parse(value.GetRawText())
                : null;
    }
}
