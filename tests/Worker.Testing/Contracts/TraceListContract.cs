using Worker.Files;
using Worker.Reading;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>
/// The list of traces: whatever is asked, it shows what a look at every Log would show, by whichever index it goes.
/// </summary>
public abstract class TraceListContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private const string Flow = "fl_1";

    private static readonly string[] Evaluators = ["a/check", "b/score"];

    private static readonly string[] Judgments = ["true", "false", "0.25", "\"good\""];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_search_shows_what_a_look_at_every_log_would(int seed)
    {
        var random = new Random(seed);
        var store = await OpenAsync();
        var rows = new TraceRows(store.Verdicts, store.Posted, store.Runs);
        var lister = new TraceLister(
            store.Listings,
            store.Listing,
            store.Logs,
            rows,
            new VerdictSearch(store.Listings, store.Given, store.Listing, store.Logs));
        var logs = Enumerable.Range(0, 40).Select(_ => FlowLog(random)).DistinctBy(log => log.Id).ToArray();
        await FillAsync(store, random, logs);
        var paths = new Dictionary<string, string?> { [Flow] = "chat" };

        var found = 0;
        for (var turn = 0; turn < 60; turn++)
        {
            var asked = Search(random);
            var query = TraceQuery.Parse(asked, Some.Time, out var problem).ShouldNotBeNull(problem);
            var all = await rows.ReadAsync([.. logs.Select(log => TraceRow.Of(log, paths))], Cancellation);
            var expected = all
                .Where(row => query.MayMatch(row) && query.Matches(row))
                .Where(row => row.Log.CreatedAt >= query.From && row.Log.CreatedAt < query.Until)
                .Select(row => row.Log)
                .OrderBy(TraceCursor.Of)
                .Select(log => log.Id);

            var shown = await ListAsync(lister, query, size: random.Next(1, 8));

            shown.ShouldBe(expected, $"of {asked}, seed {seed}");
            found += shown.Count;
        }

        found.ShouldBeGreaterThan(60, "the searches find something");
    }

    private static async Task<List<string>> ListAsync(TraceLister lister, TraceQuery query, int size)
    {
        var (shown, after) = (new List<string>(), default(TraceCursor?));
        do
        {
            var page = await lister.ListAsync(query, after, size, _ => true, Cancellation);
            shown.AddRange(page.Rows.Select(row => row.Log.Id));
            after = page.Next;
        }
        while (after is not null);
        return shown;
    }

    private static Log FlowLog(Random random) => Some.FlowLog(
        $"log-{random.Next(1_000)}",
        complete: random.Next(2) == 0,
        fields: (LogFields.Output, random.Next(2) == 0 ? "\"yes\"" : "\"no\"")) with
    {
        FirstReceivedAt = Some.Micros(random.Next(-20, 20) + (random.Next(1_000) / 1_000d)),
        Resolution = new Resolution(Flow, null, VersionSource.None, null),
    };

    private static async Task FillAsync(StoreUnderTest store, Random random, Log[] logs)
    {
        await store.Files.AddAsync(
            [new(Flow, LogKind.Flow, "chat"), .. Evaluators.Select(path => new LoggedFile(path + "-id", LogKind.Evaluator, path))],
            [],
            Cancellation);
        var posted = logs.Where(_ => random.Next(3) == 0).Select((log, number) => Posted(random, log.Id, $"posted-{number}"));
        await store.Logs.WriteAsync([.. logs, .. posted], Cancellation);
        await store.Runs.WakeAsync([.. logs.Select(log => new Wake(log.Id, true))], Some.Timers, Some.Time, Cancellation);
        foreach (var log in logs.Where(_ => random.Next(2) == 0))
        {
            var run = (await store.Runs.ReadAsync(log.Id, Cancellation)).ShouldNotBeNull();
            await store.Runs.SaveAsync(run with { Revision = 2, State = RunState.Judged, Due = null }, [], Cancellation);
        }

        var given = logs.SelectMany(log => Evaluators.SelectMany(path => Enumerable.Range(1, 2)
            .Where(_ => random.Next(2) == 0)
            .Select(revision => Verdict(random, log.Id, path, revision))));
        await store.Verdicts.AddAsync([.. given], Cancellation);
    }

    private static EvaluatorLog Verdict(Random random, string log, string path, int revision)
    {
        var hasFailed = random.Next(4) == 0;
        return Some.EvaluatorLog(log, revision, path + "-id") with
        {
            Path = path,
            Judgment = hasFailed ? null : Some.Json(Judgments[random.Next(Judgments.Length)]),
            Error = hasFailed ? "It broke." : null,
            EndTime = Some.At(random.Next(60_000)),
        };
    }

    private static Log Posted(Random random, string judged, string id)
    {
        var path = Evaluators[random.Next(Evaluators.Length)];
        return Some.Log(id, kind: LogKind.Evaluator, fields:
        [
            (LogFields.JudgedId, $"\"{judged}\""),
            (LogFields.Path, $"\"{path}\""),
            (LogFields.Judgment, Judgments[random.Next(Judgments.Length)]),
        ]) with
        {
            FirstReceivedAt = Some.Micros(random.Next(60_000)),
            Resolution = new Resolution(path + "-id", null, VersionSource.None, null),
        };
    }

    private static string Search(Random random)
    {
        var path = Evaluators[random.Next(Evaluators.Length)];
        string[] terms =
        [
            $"verdict.{path}:true", $"verdict.{path}:false", $"verdict.{path}:error", $"verdict.{path}:good", $"verdict.{path}:<0.5",
            $"-verdict.{path}:true", $"given.{path}:{At(0)}..{At(30_000)}", $"-given.{path}:{At(20_000)}..{At(40_000)}",
            $"verdict.{path}:false given.{path}:{At(10_000)}..{At(50_000)}", "yes", "-yes", "status:complete", "is:judged",
            $"since:{At(-10)}", $"until:{At(10)}",
        ];
        return string.Join(' ', Enumerable.Range(0, random.Next(1, 3)).Select(_ => terms[random.Next(terms.Length)]));

        static string At(double milliseconds) => $"{Some.At(milliseconds):yyyy-MM-ddTHH:mm:ss.ffffffZ}";
    }
}
