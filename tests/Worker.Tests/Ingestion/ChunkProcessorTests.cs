using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Files;
using Worker.Ingestion;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Ingestion;

public sealed class ChunkProcessorTests
{
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly StoreUnderTest _store = StoreUnderTest.Of(new InMemoryStore());
    private readonly TestIngestion _ingestion;

    public ChunkProcessorTests() => _ingestion = new(_store, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trace_works_with_only_tool_logged_and_flow_log_updated()
    {
        await _ingestion.SendAsync(
            ("tool.logged", """{"log_id":"t","path":"a/tool","trace_parent_id":"f","output":"o"}"""),
            ("flow.log.updated", """{"log_id":"f","trace_status":"complete","output":"done"}"""));

        (await _store.Traces.AllMembersAsync("f", Token)).Select(log => log.Id).ShouldBe(["f", "t"]);
        (await _store.Runs.ReadAsync("f", Token))!.Due.ShouldBe(_time.GetUtcNow().AddMilliseconds(500));
    }

    [Fact]
    public async Task Each_message_is_counted_once()
    {
        await _ingestion.SendAsync(("log.deleted", """{"log_id":"gone"}"""));
        var result = await _ingestion.SendAsync(
            ("tool.logged", """{"log_id":"a"}"""),
            ("tool.logged", """{"log_id":"a"}"""),
            ("tool.logged", """{"output":"named by its body"}"""),
            ("tool.logged", """{"output":"named by its body"}"""),
            ("tool.logged", """{"log_id":"gone"}"""),
            ("tool.logged", """[]"""));

        result.ShouldBe(new ChunkResult(Stored: 2, Unchanged: 1, Collapsed: 1, Absorbed: 1, Refused: 1));
    }

    [Fact]
    public async Task Ordinary_logs_wake_nobody()
    {
        await _ingestion.SendAsync(
            ("flow.logged", """{"log_id":"f","output":"not complete yet"}"""),
            ("tool.logged", """{"log_id":"t","trace_parent_id":"f"}"""));

        (await _store.Runs.ReadAsync("f", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_log_that_joins_two_halves_wakes_the_head()
    {
        await _ingestion.SendAsync(("flow.log.updated", """{"log_id":"f","trace_status":"complete","output":"o"}"""));
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"leaf","trace_parent_id":"middle"}"""));
        var before = (await _store.Runs.ReadAsync("f", Token))!.Version;

        await _ingestion.SendAsync(("tool.logged", """{"log_id":"middle","trace_parent_id":"f"}"""));

        (await _store.Runs.ReadAsync("f", Token))!.Version.ShouldBe(before + 1);
        (await _store.Traces.AllMembersAsync("f", Token)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_moved_log_wakes_the_trace_it_left_and_the_one_it_joins()
    {
        await CompleteFlowsAsync("old", "new");
        await _ingestion.SendAsync(("flow.logged", """{"log_id":"child","trace_parent_id":"old"}"""));
        var (old, @new) = (await VersionAsync("old"), await VersionAsync("new"));

        await _ingestion.SendAsync(("flow.log.updated", """{"log_id":"child","trace_parent_id":"new"}"""));

        (await VersionAsync("old")).ShouldBe(old + 1);
        (await VersionAsync("new")).ShouldBe(@new + 1);
    }

    [Fact]
    public async Task A_redelivered_delete_wakes_the_trace_again()
    {
        await CompleteFlowsAsync("f");
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t","trace_parent_id":"f"}"""));
        await _ingestion.SendAsync(("log.deleted", """{"log_id":"t"}"""));
        var before = await VersionAsync("f");

        await _ingestion.SendAsync(("log.deleted", """{"log_id":"t"}"""));

        (await VersionAsync("f")).ShouldBe(before + 1);
        (await _store.Traces.AllMembersAsync("f", Token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deleting_a_judged_log_drops_its_run()
    {
        await CompleteFlowsAsync("f");
        await _ingestion.SendAsync(("log.deleted", """{"log_id":"f"}"""));

        (await _store.Runs.ReadAsync("f", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_finished_tool_log_with_an_evaluator_of_its_own_is_woken()
    {
        var ingestion = new TestIngestion(_store, _time) { Attached = log => log.Path == "judged" };
        await ingestion.SendAsync(
            ("tool.logged", """{"log_id":"judged","path":"judged","output":"o"}"""),
            ("tool.logged", """{"log_id":"unfinished","path":"judged"}"""),
            ("tool.logged", """{"log_id":"still open","path":"judged","output":"o","log_status":"incomplete"}"""),
            ("tool.logged", """{"log_id":"other","path":"other","output":"o"}"""));

        (await _store.Runs.ReadAsync("judged", Token)).ShouldNotBeNull();
        foreach (var id in new[] { "unfinished", "still open", "other" })
            (await _store.Runs.ReadAsync(id, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_judged_prompt_log_is_woken_when_something_comes_under_it()
    {
        var ingestion = new TestIngestion(_store, _time) { Attached = log => log.Path == "judged" };
        await ingestion.SendAsync(
            ("prompt.logged", """{"log_id":"judged","path":"judged","output":"o"}"""),
            ("prompt.logged", """{"log_id":"unfinished","path":"judged"}"""),
            ("prompt.logged", """{"log_id":"other","path":"other","output":"o"}"""),
            ("tool.logged", """{"log_id":"step","trace_parent_id":"judged"}"""),
            ("tool.logged", """{"log_id":"steps","trace_parent_id":"unfinished"}"""),
            ("tool.logged", """{"log_id":"others","trace_parent_id":"other"}"""));
        var before = await VersionAsync("judged");

        await ingestion.SendAsync(
            ("tool.logged", """{"log_id":"leaf","trace_parent_id":"step"}"""),
            ("tool.logged", """{"log_id":"leaves","trace_parent_id":"steps"}"""),
            ("tool.logged", """{"log_id":"else","trace_parent_id":"others"}"""));

        (await VersionAsync("judged")).ShouldBe(before + 1);
        (await _store.Runs.ReadAsync("unfinished", Token)).ShouldBeNull();
        (await _store.Runs.ReadAsync("other", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_judged_prompt_log_is_woken_when_what_was_under_it_moves_or_is_deleted()
    {
        var ingestion = new TestIngestion(_store, _time) { Attached = log => log.Path == "judged" };
        await ingestion.SendAsync(
            ("prompt.logged", """{"log_id":"old","path":"judged","output":"o"}"""),
            ("prompt.logged", """{"log_id":"new","path":"judged","output":"o"}"""),
            ("tool.logged", """{"log_id":"step","trace_parent_id":"old"}"""),
            ("flow.logged", """{"log_id":"leaf","trace_parent_id":"step"}"""));
        var (old, @new) = (await VersionAsync("old"), await VersionAsync("new"));

        await ingestion.SendAsync(("flow.log.updated", """{"log_id":"leaf","trace_parent_id":"new"}"""));
        (await VersionAsync("old")).ShouldBe(old + 1);
        (await VersionAsync("new")).ShouldBe(@new + 1);

        await ingestion.SendAsync(("log.deleted", """{"log_id":"leaf"}"""));
        (await VersionAsync("new")).ShouldBe(@new + 2);
    }

    [Fact]
    public async Task Where_nothing_is_attached_to_tools_and_prompts_none_above_is_read()
    {
        await _ingestion.SendAsync(("prompt.logged", """{"log_id":"above","output":"o"}"""));
        var ingestion = new TestIngestion(_store with { Logs = new WriteOnlyLogStore(_store.Logs) }, _time);

        await ingestion.SendAsync(("tool.logged", """{"log_id":"t","trace_parent_id":"above"}"""));

        (await _store.Traces.AllMembersAsync("above", Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Where_quiet_finishes_traces_unfinished_ones_are_woken_too()
    {
        var ingestion = new TestIngestion(_store, _time, new TraceOptions { Quiet = TimeSpan.FromMinutes(1) });
        await ingestion.SendAsync(("flow.logged", """{"log_id":"f"}"""), ("tool.logged", """{"log_id":"t","trace_parent_id":"f"}"""));

        (await _store.Runs.ReadAsync("f", Token))!.Due.ShouldBe(_time.GetUtcNow().AddMinutes(1));
    }

    [Fact]
    public async Task A_log_that_asks_for_an_unknown_version_is_resolved_when_it_appears()
    {
        await CompleteFlowsAsync("f");
        var versionId = VersionOf("a/tool", """{"source_code":"x"}""");
        await _ingestion.SendAsync(("tool.logged", $$"""{"log_id":"t","path":"a/tool","version_id":"{{versionId}}","trace_parent_id":"f"}"""));
        (await ReadAsync("t")).Resolution!.Missing.ShouldBe(new VersionKey(versionId));
        var before = await VersionAsync("f");

        await _ingestion.SendAsync(("tool.logged", """{"log_id":"bringer","path":"a/tool","tool":{"source_code":"x"}}"""));

        (await ReadAsync("t")).Resolution.ShouldBe(
            new Resolution(DerivedIds.File(LogKind.Tool, "a/tool"), versionId, VersionSource.VersionId, null));
        (await VersionAsync("f")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_version_that_comes_in_the_same_chunk_is_found()
    {
        var versionId = VersionOf("a/tool", """{"source_code":"x"}""");
        await _ingestion.SendAsync(
            ("tool.logged", $$"""{"log_id":"t","version_id":"{{versionId}}"}"""),
            ("tool.logged", """{"log_id":"bringer","path":"/a/tool/","tool":{"source_code":"x","attributes":{}}}"""));

        (await ReadAsync("t")).Resolution!.VersionId.ShouldBe(versionId);
    }

    [Fact]
    public async Task A_pinned_version_stays_until_the_log_asks_for_another()
    {
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t","path":"a","sent_at":1}"""));
        var pinned = (await ReadAsync("t")).Resolution!;
        await _store.Files.DeployAsync(new(pinned.FileId!, "production", "tlv_deployed"), Token);

        await _ingestion.SendAsync(("tool.log.updated", """{"log_id":"t","output":"o"}"""));
        (await ReadAsync("t")).Resolution.ShouldBe(pinned);

        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t","version_environment":"production","sent_at":2}"""));
        (await ReadAsync("t")).Resolution!.VersionId.ShouldBe("tlv_deployed");
    }

    [Fact]
    public async Task A_refused_message_leaves_its_neighbours_alone()
    {
        var result = await _ingestion.SendAsync(
            ("tool.logged", """{"log_id":"before"}"""),
            ("flow.logged", """{"log_id":"before"}"""),
            ("tool.logged", "{"),
            ("tool.logged", """{"log_id":"after"}"""));

        result.ShouldBe(new ChunkResult(Stored: 2, Unchanged: 0, Collapsed: 0, Absorbed: 0, Refused: 2));
        _ingestion.DeadLetters.Select(letter => letter.Reason).ShouldBe(["malformed_json", "kind_mismatch"]);
        _ingestion.DeadLetters.ShouldAllBe(letter => letter.Detail.EndsWith('.') && letter.Body!.Value.Length > 0);
    }

    [Fact]
    public async Task The_letter_of_a_log_that_is_not_to_be_saved_keeps_no_body()
    {
        await _ingestion.SendAsync(
            ("tool.logged", """{"log_id":"t","save":false}"""),
            ("flow.logged", """{"log_id":"t","output":"secret"}"""),
            ("tool.log.updated", """{"save":false,"output":"secret"}"""));

        _ingestion.DeadLetters.Count.ShouldBe(2);
        _ingestion.DeadLetters.ShouldAllBe(letter => letter.Withheld && letter.Body == null && letter.BodyLength > 0);
    }

    [Theory]
    [InlineData("tool.log.updated", """{"log_id":"withheld","output":"LARGE"}""", "too_large")]
    [InlineData("nobody.knows", """{"log_id":"withheld","output":"secret"}""", "unknown_type")]
    [InlineData("flow.logged", """{"log_id":"withheld","output":"secret"}""", "kind_mismatch")]
    [InlineData("tool.logged", """{"log_id":"withheld","output":"secret""", "malformed_json")]
    [InlineData("tool.logged", """{"log_id":"withheld","inputs":DEEP}""", "too_deep")]
    [InlineData("tool.logged", """[{"log_id":"withheld","output":"secret"}]""", "not_an_object")]
    public async Task A_message_to_a_log_that_is_not_to_be_saved_leaves_no_body_whyever_it_is_refused(
        string type, string body, string reason)
    {
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"withheld","save":false}"""));
        var deep = new string('[', 100) + "\"secret\"" + new string(']', 100);

        await _ingestion.SendAsync((type, body.Replace("LARGE", new string('s', 1_400_000), StringComparison.Ordinal).Replace("DEEP", deep, StringComparison.Ordinal)));

        var letter = _ingestion.DeadLetters.ShouldHaveSingleItem();
        letter.Reason.ShouldBe(reason);
        letter.Withheld.ShouldBeTrue();
        letter.Body.ShouldBeNull();
    }

    [Fact]
    public async Task A_withheld_letter_that_comes_back_without_its_body_stays_what_it_was()
    {
        var letter = Some.DeadLetter() with { Body = null, Withheld = true, BodyLength = 4711 };

        var result = await _ingestion.SendAsync([Some.Delivery("") with { Letter = letter }, Some.Delivery("""{"log_id":"neighbour"}""")]);

        result.ShouldBe(new ChunkResult { Stored = 1, Refused = 1 });
        _ingestion.DeadLetters.ShouldHaveSingleItem().ShouldBe(letter);
    }

    [Fact]
    public async Task No_letter_holds_a_text_that_is_longer_than_AMQP_and_a_frame_allow()
    {
        var id = new string('x', 200_000);
        await _ingestion.SendAsync([Some.Delivery($$"""{"log_id":"{{id}}"}""", new string('t', 255)), Some.Delivery($$"""{"log_id":"{{id}}y"}""")]);

        _ingestion.DeadLetters.Count.ShouldBe(2);
        foreach (var text in _ingestion.DeadLetters.SelectMany(letter => new[] { letter.LogId, letter.Kind, letter.Detail, letter.Field, letter.MessageId }))
            System.Text.Encoding.UTF8.GetByteCount(text ?? "").ShouldBeLessThanOrEqualTo(255);
        _ingestion.DeadLetters.Select(letter => letter.LogId).Distinct().Count().ShouldBe(
            2, "different ids stay different");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_letter_of_an_unreadable_body_keeps_it_unless_told_otherwise(bool keep)
    {
        var ingestion = new TestIngestion(_store, _time) { Privacy = new() { KeepUnreadable = keep } };
        await ingestion.SendAsync(("tool.logged", "{"));

        (ingestion.DeadLetters.Single().Body is not null).ShouldBe(keep);
    }

    [Fact]
    public async Task Saved_first_and_withheld_later_is_erased()
    {
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t","output":"secret","user":"u"}"""));
        await _ingestion.SendAsync(("tool.logged", """{"log_id":"t","save":false}"""));

        var log = await ReadAsync("t");
        log[LogFields.Output].ShouldBeNull();
        log.HadOutput.ShouldBeTrue();
        log.Text(LogFields.User).ShouldBe("u");
    }

    private static string VersionOf(string path, string details) => DerivedIds.Version(
        LogKind.Tool, DerivedIds.File(LogKind.Tool, path), VersionDetails.Normalise(LogKind.Tool, Some.Json(details)));

    private Task<ChunkResult> CompleteFlowsAsync(params string[] ids) =>
        _ingestion.SendAsync([.. ids.Select(id => ("flow.log.updated", $$"""{"log_id":"{{id}}","trace_status":"complete","output":"o"}"""))]);

    private async Task<Log> ReadAsync(string id) => (await _store.Logs.ReadAsync([id], Token))[id];

    private sealed class WriteOnlyLogStore(ILogStore inner) : ILogStore
    {
        public Task<IReadOnlyDictionary<string, Log>> ReadAsync(
            IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No Log was to be read.");

        public Task<LogWriteResult> WriteAsync(IReadOnlyCollection<Log> logs, CancellationToken cancellationToken) =>
            inner.WriteAsync(logs, cancellationToken);
    }

    private async Task<int> VersionAsync(string id) => (await _store.Runs.ReadAsync(id, Token))!.Version;
}
