using Microsoft.Extensions.Time.Testing;
using Worker.Traces;

namespace Worker.Tests.Ingestion;

/// <summary>Verdicts from outside, from their message to the store.</summary>
public sealed class PostedVerdictTests
{
    private readonly InMemoryStore _memory = new();
    private readonly StoreUnderTest _store;
    private readonly TestIngestion _ingestion;

    public PostedVerdictTests()
    {
        _store = StoreUnderTest.Of(_memory);
        _ingestion = new(_store, new FakeTimeProvider(Some.Time)) { Attached = _ => true };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_verdict_may_come_before_the_log_that_it_is_on()
    {
        await SendAsync("""{"log_id":"v","parent_id":"t","judgment":true}""");
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t"}"""));

        (await OnAsync("t")).ShouldBe(["v"]);
    }

    [Fact]
    public async Task The_later_judgment_wins_and_null_takes_it_back_in_any_order()
    {
        await SendAsync("""{"log_id":"v","parent_id":"t","judgment":null,"sent_at":30}""");
        await SendAsync("""{"log_id":"v","parent_id":"t","judgment":"good","user":"ann","sent_at":20}""");
        await SendAsync("""{"log_id":"v","parent_id":"t","judgment":true,"sent_at":10}""");
        (await LogAsync("v")).Judgment.ShouldBeNull();
        (await LogAsync("v")).Text(LogFields.User).ShouldBe("ann");

        await SendAsync("""{"log_id":"v","parent_id":"t","judgment":false,"sent_at":40}""");
        await SendAsync("""{"log_id":"v","parent_id":"t","error":"none","sent_at":50}""");

        (await LogAsync("v")).Judgment!.Value.ToString().ShouldBe("false");
    }

    [Fact]
    public async Task A_verdict_wakes_nobody_and_has_no_run_whatever_it_names()
    {
        await _ingestion.SendAsync(("flow.logged", """{"log_id":"f","output":"o","trace_status":"complete"}"""));
        var woken = (await _store.Runs.ReadAsync("f", Token))!.Version;

        await SendAsync("""{"log_id":"v","parent_id":"f","trace_parent_id":"f","judgment":true,"output":"o"}""");

        (await _store.Runs.ReadAsync("f", Token))!.Version.ShouldBe(woken);
        (await _store.Traces.AllMembersAsync("f", Token)).Select(log => log.Id).ShouldBe(["f"]);
        (await LogAsync("v")).Text(LogFields.TraceParentId).ShouldBe("f");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_verdict_goes_with_the_log_that_it_is_on_in_whichever_order_they_come(bool isDeletedFirst)
    {
        var steps = new List<Func<Task>>
        {
            () => _ingestion.SendAsync(("log.deleted", """{"log_id":"t","sent_at":7}""")),
            () => SendAsync("""{"log_id":"on it","parent_id":"v","judgment":1}"""),
            () => SendAsync("""{"log_id":"v","parent_id":"t","judgment":"secret","stdout":"secret"}"""),
        };
        if (!isDeletedFirst)
            steps.Reverse();
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t"}"""));
        foreach (var step in steps)
            await step();

        foreach (var id in new[] { "v", "on it" })
        {
            (await LogAsync(id)).DeletedAt.ShouldBe(7_000_000, id);
            (await LogAsync(id)).Fields.ShouldBeEmpty();
        }

        (await SendAsync("""{"log_id":"v","parent_id":"t","judgment":"again"}""")).Absorbed.ShouldBe(1);
    }

    [Fact]
    public async Task In_one_chunk_too()
    {
        await _ingestion.SendAsync(
            ("evaluator.logged", """{"log_id":"v","parent_id":"t","judgment":true}"""),
            ("tool.logged", """{"log_id":"t"}"""),
            ("log.deleted", """{"log_id":"t"}"""));

        (await LogAsync("v")).IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_worker_that_ends_anywhere_while_it_drops_verdicts_owes_nothing_once_the_message_is_delivered_again()
    {
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t"}"""));
        await SendAsync("""{"log_id":"v","parent_id":"t","judgment":true}""");
        await SendAsync("""{"log_id":"on it","parent_id":"v","judgment":true}""");

        for (var calls = 0; ; calls++)
        {
            (_memory.Failure, _memory.CallsBeforeFailure) = (new InvalidOperationException("killed"), calls);
            var killed = await Record.ExceptionAsync(() => _ingestion.SendAsync(("log.deleted", """{"log_id":"t"}""")));
            _memory.Failure = null;
            if (killed is null)
                break;
        }

        (await LogAsync("v")).IsDeleted.ShouldBeTrue();
        (await LogAsync("on it")).IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_verdict_is_deleted_alone_by_its_own_id()
    {
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t"}"""));
        await SendAsync("""{"log_id":"v","parent_id":"t","judgment":true}""");
        await SendAsync("""{"log_id":"w","parent_id":"t","judgment":true}""");

        await _ingestion.SendAsync(("log.deleted", """{"log_id":"v"}"""));

        (await OnAsync("t")).ShouldBe(["w"]);
        (await LogAsync("t")).IsDeleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_verdict_that_was_moved_away_stays_when_what_it_was_on_is_deleted()
    {
        await SendAsync("""{"log_id":"v","parent_id":"t","judgment":true,"sent_at":1}""");
        await SendAsync("""{"log_id":"v","parent_id":"u","judgment":true,"sent_at":2}""");

        await _ingestion.SendAsync(("log.deleted", """{"log_id":"t"}"""));

        (await OnAsync("u")).ShouldBe(["v"]);
    }

    [Theory]
    [InlineData("""{"judgment":true}""", "true")]
    [InlineData("""{"judgment":0.5}""", "0.5")]
    [InlineData("""{"judgment":"good","spec":{"return_type":"select","options":[{"name":"good"}]}}""", "\"good\"")]
    [InlineData("""{"judgment":"She said so."}""", null)]
    [InlineData("""{"judgment":["She said so."]}""", null)]
    public async Task Where_nothing_is_to_be_saved_a_judgment_stays_and_texts_do_not_whatever_the_order(string said, string? kept)
    {
        await SendAsync(said.Replace("{\"j", """{"log_id":"now","parent_id":"t","save":false,"error":"e","output":"o","user":"ann","j""", StringComparison.Ordinal));
        await SendAsync(said.Replace("{\"j", """{"log_id":"later","parent_id":"t","error":"e","output":"o","user":"ann","j""", StringComparison.Ordinal));
        await SendAsync("""{"log_id":"later","parent_id":"t","save":false,"sent_at":1}""");

        foreach (var log in new[] { await LogAsync("now"), await LogAsync("later") })
        {
            log.Judgment?.ToString().ShouldBe(kept);
            log.Text(LogFields.User).ShouldBe("ann");
            log[LogFields.Output].ShouldBeNull();
            log[LogFields.Error].ShouldBeNull();
            log.HadError.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Its_evaluator_and_version_are_found_as_other_files_are()
    {
        await SendAsync("""{"log_id":"v","parent_id":"t","path":"feedback/rating","spec":{"return_type":"boolean","evaluator_type":"human"}}""");
        await SendAsync("""{"log_id":"w","parent_id":"t","path":"/feedback/rating/","spec":{"evaluator_type":"human","code":null,"return_type":"boolean"}}""");

        var (one, other) = ((await LogAsync("v")).Resolution!, (await LogAsync("w")).Resolution!);
        one.FileId.ShouldBe(DerivedIds.File(LogKind.Evaluator, "feedback/rating"));
        one.VersionId!.ShouldStartWith("evv_");
        other.ShouldBe(one);
    }

    [Fact]
    public async Task One_id_is_no_verdict_and_a_call_at_once()
    {
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t"}"""));
        await SendAsync("""{"log_id":"t","parent_id":"other","judgment":true}""");

        _ingestion.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe("kind_mismatch");
    }

    private Task<Worker.Ingestion.ChunkResult> SendAsync(string body) => _ingestion.SendAsync(("evaluator.logged", body));

    private async Task<Log> LogAsync(string id) => (await _store.Logs.ReadAsync([id], Token))[id];

    private async Task<IEnumerable<string>> OnAsync(string id) =>
        (await _store.Posted.OnAsync(id, Token).SelectMany(page => page).ToListAsync(Token)).Select(log => log.Id);
}
