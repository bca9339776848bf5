using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RabbitMQ.Client;
using Worker.Audit;
using Worker.Commands;
using Worker.DeadLetters.RabbitMq;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing.Fuzz;

/// <summary>
/// What becomes of Logs and letters once they are there: judged by the shipped Evaluators, shown by the commands.
/// </summary>
internal sealed class WholeWayEnd : IAsyncDisposable
{
    private readonly StoreUnderTest _store;
    private readonly FakeTimeProvider _time;
    private readonly ServiceProvider _services;
    private readonly EvaluatorCatalog _catalog;

    public WholeWayEnd(StoreUnderTest store, FakeTimeProvider time)
    {
        _store = store;
        _time = time;
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time)
            .AddSingleton(store.Logs).AddSingleton(store.Traces).AddSingleton(store.Files).AddSingleton(store.Runs)
            .AddSingleton(store.Removals).AddSingleton(store.Pins).AddSingleton(store.Audit).AddAudit()
            .AddSingleton(store.Verdicts).AddSingleton(store.Posted).AddSingleton(store.Attempts).AddSingleton(store.Monitorings)
            .AddReading();
        _services = services.AddEvaluation(new ConfigurationBuilder().Build()).BuildServiceProvider();
        _catalog = _services.GetRequiredService<EvaluatorCatalog>();
        _catalog.All.Count.ShouldBeGreaterThanOrEqualTo(5, "the shipped Evaluators");
    }

    public bool Attaches(Log log) => _catalog.Attaches(log);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Judges everything that is due, as the saga does. Returns the revision of that Flow Log's run.</summary>
    public async Task<int> JudgeAsync(string flowId)
    {
        var steps = _services.GetRequiredService<RunSteps>();
        _time.Advance(TimeSpan.FromMinutes(10));
        var now = _time.GetUtcNow();
        foreach (var id in await _store.Runs.ClaimDueAsync(now, now.AddDays(1), "fuzz", now.AddSeconds(30), 10_000, default))
        {
            var change = (await steps.LookAsync((await _store.Runs.ReadAsync(id, default))!, default)).ShouldNotBeNull();
            change.RunsEvaluators.ShouldBeFalse("the shipped Evaluators are at hand");
            var isSaved = change.Begun is { } begun
                ? await _store.Runs.JudgeAsync(begun, change.Run, change.Decisions, change.Verdicts, default)
                : await _store.Runs.SaveAsync(change.Run, change.Decisions, default);
            isSaved.ShouldBeTrue();
            if (change.Begins)
                await CheckVerdictsAsync(id, change.Run.Revision);
        }

        return (await _store.Runs.ReadAsync(flowId, default)).ShouldNotBeNull().Revision;
    }

    /// <summary>Every way in which a person sees a Log.</summary>
    public async Task ShowAsync(IEnumerable<string> ids)
    {
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            await ShowAsync(id, isJson: false, context => TraceCommand.ShowAsync(context, _services.GetRequiredService<TraceReader>(), id, json: false, revisions: true, default));
            await ShowAsync(id, isJson: true, context => TraceCommand.ShowAsync(context, _services.GetRequiredService<TraceReader>(), id, json: true, revisions: true, default));
            await ShowAsync(id, isJson: false, context => ExplainCommand.ShowAsync(context, _services.GetRequiredService<ExplanationReader>(), id, json: false, default));
            await ShowAsync(id, isJson: true, context => ExplainCommand.ShowAsync(context, _services.GetRequiredService<ExplanationReader>(), id, json: true, default));
        }
    }

    /// <summary>Every way in which a letter is kept and shown.</summary>
    public async Task CheckLettersAsync(IReadOnlyList<DeadLetter> letters)
    {
        foreach (var letter in letters)
        {
            ReferenceReader.Read(Encoding.UTF8.GetBytes(DeadLetterJson.Serialize(letter, withBody: true, indented: true)), out _).ShouldNotBeNull();
            var properties = DeadLetterMessages.Write(letter);
            var read = DeadLetterMessages.Read(
                new BasicGetResult(1, false, "", "", 0, properties, letter.Body ?? default), _time.GetUtcNow());
            (read.Reason, read.BodyHash, read.Withheld).ShouldBe((letter.Reason, letter.BodyHash, letter.Withheld));
            DeadLetterMessages.WriteRedriven(letter).ShouldNotBeNull();
        }

        await _store.DeadLetters.AddAsync(letters, default);
        var kept = new Dictionary<string, DeadLetter>(StringComparer.Ordinal);
        await foreach (var letter in _store.DeadLetters.ListAsync(default))
            kept[letter.DeadLetterId] = letter;
        foreach (var letter in letters.DistinctBy(letter => letter.DeadLetterId))
        {
            // MongoDB's dates are of milliseconds.
            var found = kept[letter.DeadLetterId];
            (letter.FirstReceived - found.FirstReceived).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
            (found with { ContentEncoding = letter.ContentEncoding, FirstReceived = letter.FirstReceived }).ShouldBeLetter(letter);
            (await _store.DeadLetters.DiscardAsync(letter.DeadLetterId, default)).ShouldBeTrue();
        }
    }

    /// <summary>As <c>worker verify</c>.</summary>
    public async Task VerifyAsync()
    {
        var faults = new List<string>();
        await _services.GetRequiredService<StoreCheck>().CheckAsync(
            _store.DeadLetters.ListAsync(default), faults.Add, default);
        faults.ShouldBeEmpty();
    }

    private async Task CheckVerdictsAsync(string logId, int revision)
    {
        var verdicts = (await _store.Verdicts.ReadAsync([logId], default)).Where(verdict => verdict.Revision == revision).ToList();
        var isHistory = (await _store.Logs.ReadAsync([logId], default))[logId].IsHistory;
        (verdicts.Count > 0).ShouldBe(!isHistory);
        foreach (var verdict in verdicts)
        {
            verdict.Error.ShouldBeNull(verdict.Path);
            if (verdict.Judgment is { } judgment)
                ReferenceReader.Read(judgment.Utf8.Span, out _).ShouldNotBeNull().Kind.ShouldBeOneOf(
                    ReferenceKind.Boolean, ReferenceKind.Number, ReferenceKind.Null);
        }
    }

    private static async Task ShowAsync(string id, bool isJson, Func<CommandContext, Task<int>> command)
    {
        using var input = new MemoryStream();
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var code = await command(new CommandContext(new Terminal(input, output, error, outputIsTerminal: false, errorIsTerminal: false), []));
        code.ShouldBeOneOf(ExitCodes.Done, ExitCodes.NotFound);
        if (code == ExitCodes.NotFound)
            return;
        output.Length.ShouldBePositive();
        if (isJson)
            ReferenceReader.Read(output.ToArray(), out _).ShouldNotBeNull($"what is shown of {id} is JSON");
    }
}
