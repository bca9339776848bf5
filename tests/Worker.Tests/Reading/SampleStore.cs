using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Worker.Publishing;
using Worker.Reading;
using Worker.Runs;

namespace Worker.Tests.Reading;

/// <summary>A store that has taken in messages, and what reads from it.</summary>
internal sealed class SampleStore
{
    public StoreUnderTest Store { get; } = StoreUnderTest.Of(new InMemoryStore());

    public TraceReader Reader => new(Store.Traces, Store.Logs, Store.Verdicts, Store.Posted, Store.Runs, Store.Files);

    /// <summary>Gives the lines of a message file to the product's own decoder, merge and store.</summary>
    public async Task TakeInAsync(IEnumerable<string> lines)
    {
        var ingestion = new TestIngestion(Store, new FakeTimeProvider(Some.Time));
        var receipt = Some.Time;
        foreach (var line in lines)
        {
            var (message, fault) = MessageLine.Read(Encoding.UTF8.GetBytes(line), receipt = receipt.AddMilliseconds(1));
            fault.ShouldBeNull();
            await ingestion.SendAsync([Some.Delivery(Encoding.UTF8.GetString(message!.Body.Span), message.Type) with { ReceivedAt = receipt }]);
        }

        ingestion.DeadLetters.ShouldBeEmpty();
    }

    /// <summary>Makes <paramref name="revision"/> stand, with one verdict for each Evaluator.</summary>
    public async Task JudgeAsync(string logId, int revision, params EvaluatorLog[] verdicts)
    {
        var run = await Store.Runs.ReadAsync(logId, CancellationToken.None);
        if (run is null)
        {
            await Store.Runs.WakeAsync([new Wake(logId, true)], Some.Timers, Some.Time, CancellationToken.None);
            run = await Store.Runs.ReadAsync(logId, CancellationToken.None);
        }

        (await Store.Runs.SaveAsync(run! with { Revision = revision, State = RunState.Judged, Due = null }, [], CancellationToken.None)).ShouldBeTrue();
        await Store.Verdicts.AddAsync(verdicts, CancellationToken.None);
    }

    /// <summary>That verdict, which stands, is judged itself.</summary>
    public async Task JudgedVerdictAsync(EvaluatorLog verdict, params EvaluatorLog[] onIt)
    {
        var wake = new Wake(verdict.Id, true) { Depth = 1, JudgedId = verdict.LogId };
        await Store.Runs.WakeAsync([wake], Some.Timers, Some.Time, CancellationToken.None);
        await Store.Verdicts.AddAsync(onIt, CancellationToken.None);
    }

    public async Task<byte[]> TextAsync(string logId, bool allRevisions = false)
    {
        var view = (await Reader.ReadAsync(logId, CancellationToken.None)).ShouldNotBeNull();
        using var output = new MemoryStream();
        await LogJson.WriteAsync(
            output,
            view,
            Reader.EntriesAsync(view, CancellationToken.None),
            new() { AllRevisions = allRevisions },
            CancellationToken.None);
        return output.ToArray();
    }

    public async Task<JsonNode> JsonAsync(string logId, bool allRevisions = false)
    {
        var output = await TextAsync(logId, allRevisions);
        return JsonNode.Parse(output, documentOptions: new() { MaxDepth = 100_000 })!;
    }
}
