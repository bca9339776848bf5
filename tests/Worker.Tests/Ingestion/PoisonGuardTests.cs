using System.Text;
using Worker.Errors;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Tests.Ingestion;

public sealed class PoisonGuardTests
{
    private readonly InMemoryStore _store = new();
    private readonly List<string[]> _chunks = [];
    private readonly List<string> _stored = [];
    private Func<IReadOnlyList<string>, Exception?> _fault = _ => null;
    private Action _beforeFault = () => { };
    private PoisonGuard? _guard;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_always_fails_is_refused_after_three_tries_alone_and_its_neighbours_are_stored_meanwhile()
    {
        FailFor("bad");
        var neighbours = Enumerable.Range(0, 99).Select(number => $"{number}").ToList();

        var processed = await GiveAsync([.. neighbours.Take(40), "bad", .. neighbours.Skip(40)]);

        processed.Result.ShouldBe(new ChunkResult { Stored = 99, Refused = 1 });
        var letter = processed.Refused.ShouldHaveSingleItem().Letter;
        letter.Reason.ShouldBe("poison");
        letter.Kind.ShouldBe("tool.logged");
        letter.Detail.ShouldContain("Alone it failed 3 times (InvalidOperationException: bad)");
        _stored.ShouldBe(neighbours);
        _chunks.Count(chunk => chunk is ["bad"]).ShouldBe(PoisonGuard.Attempts);
        (await AttemptsAtAsync("bad")).ShouldBe(PoisonGuard.Attempts, "its letter is not sent yet");
        await Guard().LettersSentAsync(processed.Refused, Token);
        (await AttemptsAtAsync("bad")).ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_message_whose_letter_was_lost_with_the_worker_is_refused_again_untouched()
    {
        FailFor("bad");
        await GiveAsync(["bad", "1"]);
        _chunks.Clear();

        (await GiveSuspectsAsync("bad")).Result.ShouldBe(new ChunkResult { Refused = 1 });
        _chunks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_such_messages_in_one_chunk_cost_no_neighbour_anything()
    {
        FailFor("a", "b", "c", "d");

        var processed = await GiveAsync(["a", "1", "b", "c", "2", "3", "4", "d"]);

        processed.Result.ShouldBe(new ChunkResult { Stored = 4, Refused = 4 });
        _stored.ShouldBe(["1", "2", "3", "4"]);
        processed.Refused.Select(refused => Encoding.UTF8.GetString(refused.Message.Body.Span)).ShouldBe(
            ["a", "b", "c", "d"]);
    }

    [Fact]
    public async Task A_message_that_fails_only_now_and_then_is_not_refused()
    {
        var tries = 0;
        _fault = chunk => chunk.Contains("moody") && ++tries < 5 ? new InvalidOperationException("not yet") : null;

        (await GiveAsync(["1", "moody", "2", "3"])).Result.ShouldBe(new ChunkResult { Stored = 4 });
        (await AttemptsAtAsync("moody")).ShouldBe(0);
    }

    [Fact]
    public async Task A_single_message_that_fails_while_the_store_answers_is_refused()
    {
        FailFor("bad");

        (await GiveAsync(["bad"])).Result.ShouldBe(new ChunkResult { Refused = 1 });
        _chunks.Count.ShouldBe(PoisonGuard.Attempts);
    }

    [Fact]
    public async Task A_single_message_that_fails_while_the_store_fails_too_is_not()
    {
        FailFor("any");
        _beforeFault = () => _store.Failure = new InvalidOperationException("an unknown error");

        await Should.ThrowAsync<StoreFaultException>(() => GiveAsync(["any"]));

        _store.Failure = null;
        (await AttemptsAtAsync("any")).ShouldBe(0);
    }

    [Fact]
    public async Task Where_every_message_fails_alike_the_store_is_to_blame_and_nobody_is_condemned()
    {
        _fault = _ => new InvalidOperationException("an unknown error");
        string[] all = [.. Enumerable.Range(0, 21).Select(number => $"{number}")];

        for (var round = 0; round < 5; round++)
        {
            var fault = await Should.ThrowAsync<StoreFaultException>(() => GiveAsync(all));
            fault.Message.ShouldContain("all 21 messages alike (InvalidOperationException: an unknown error)");
            ChunkLapsedException.IsOutageReason(fault).ShouldBeTrue();
        }

        _fault = _ => null;
        (await GiveAsync(all)).Result.ShouldBe(new ChunkResult { Stored = 21 });
    }

    [Fact]
    public async Task But_not_once_it_took_another_message_while_these_failed()
    {
        FailFor("a", "b");
        await Should.ThrowAsync<StoreFaultException>(() => GiveAsync(["a", "b"]));
        await GiveAsync(["good"]);

        (await GiveAsync(["a", "b"])).Result.ShouldBe(new ChunkResult { Refused = 2 });
    }

    [Fact]
    public async Task Messages_that_fail_each_in_its_own_way_are_to_blame_themselves()
    {
        _fault = chunk => chunk.Contains("a") ? new InvalidOperationException("a") : new FormatException("b");

        (await GiveAsync(["a", "b"])).Result.ShouldBe(new ChunkResult { Refused = 2 });
    }

    [Fact]
    public async Task A_suspect_at_which_three_workers_ended_is_refused_untouched()
    {
        for (var i = 0; i < PoisonGuard.Attempts; i++)
            BeKilled("{}");

        var processed = await GiveSuspectsAsync("{}");

        processed.Result.Refused.ShouldBe(1);
        processed.Refused.ShouldHaveSingleItem().Letter.Detail.ShouldContain("Workers ended 3 times");
        _chunks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Suspects_are_tried_together_at_first_and_alone_once_a_worker_ended_at_them()
    {
        await GiveSuspectsAsync("1", "2", "3");
        _chunks.ShouldHaveSingleItem().ShouldBe(["1", "2", "3"]);

        _chunks.Clear();
        BeKilled("1", "2", "3");
        (await GiveSuspectsAsync("1", "2", "3", "4")).Result.ShouldBe(new ChunkResult { Stored = 4 });
        _chunks.ShouldBe([["1"], ["2"], ["3"], ["4"]]);
        foreach (var body in new[] { "1", "2", "3", "4" })
            (await AttemptsAtAsync(body)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_suspects_that_ended_a_worker_together_only_the_one_that_does_so_alone_is_condemned()
    {
        BeKilled("good", "killer");
        await GiveSuspectsAsync("good");
        BeKilled("killer");
        BeKilled("killer");

        (await GiveSuspectsAsync("killer", "good")).Result.ShouldBe(new ChunkResult { Stored = 1, Refused = 1 });
    }

    [Fact]
    public async Task An_outage_condemns_nobody()
    {
        for (var i = 0; i < 10; i++)
        {
            Exception outage = i % 2 == 0
                ? new StoreUnavailableException("down")
                : new ServerUnreachableException("down");
            _fault = _ => outage;
            await Should.ThrowAsync<Exception>(() => GiveSuspectsAsync("{}"));
        }

        _fault = _ => null;
        (await GiveSuspectsAsync("{}")).Result.ShouldBe(new ChunkResult { Stored = 1 });
    }

    [Fact]
    public async Task An_outage_in_the_middle_of_the_tries_condemns_nobody()
    {
        var tries = 0;
        _fault = chunk => !chunk.Contains("moody") ? null
            : ++tries % 3 == 0 ? new StoreUnavailableException("down") : new InvalidOperationException("moody");
        for (var i = 0; i < 5; i++)
            await Should.ThrowAsync<StoreUnavailableException>(() => GiveAsync(["moody", "1"]));

        _fault = _ => null;
        (await GiveAsync(["moody", "1"])).Result.ShouldBe(new ChunkResult { Stored = 2 });
    }

    [Fact]
    public async Task A_count_that_the_store_could_not_take_back_is_taken_back_later()
    {
        for (var i = 0; i < 10; i++)
        {
            var outage = new StoreUnavailableException("down");
            _fault = _ => outage;
            _beforeFault = () => _store.Failure = outage;
            await Should.ThrowAsync<StoreUnavailableException>(() => GiveSuspectsAsync("{}"));
            _store.Failure = null;
        }

        _fault = _ => null;
        (await GiveSuspectsAsync("{}")).Result.ShouldBe(new ChunkResult { Stored = 1 });
    }

    [Fact]
    public async Task Cancelling_is_nobodys_fault()
    {
        using var stopping = new CancellationTokenSource();
        _beforeFault = stopping.Cancel;
        _fault = _ => new OperationCanceledException(stopping.Token);

        await Should.ThrowAsync<OperationCanceledException>(
            () => Guard().ProcessAsync([Some.Delivery("1"), Some.Delivery("2")], stopping.Token));
        _chunks.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"save":false,"output":"secret"}""", true)]
    [InlineData("""{"message":{"save" : 0}}""", true)]
    [InlineData("""{"log_id":"withheld","output":"secret"}""", true)]
    [InlineData("""{"log_id" :  "with\u0068eld" """, true)]
    [InlineData("""{"save": true,"log_id":"kept","output":"o"}""", false)]
    [InlineData("""{"save":null,"log_id":7}""", false)]
    [InlineData("""{"output":"o"}""", false)]
    public async Task A_body_that_may_not_be_kept_is_withheld_and_its_fault_is_not_quoted(string body, bool withheld)
    {
        await _store.WriteAsync([Some.Log("withheld") with { Withheld = true }, Some.Log("kept")], Token);
        FailFor(body);

        var letter = (await GiveAsync([body])).Refused.ShouldHaveSingleItem().Letter;

        letter.Withheld.ShouldBe(withheld);
        letter.Body.HasValue.ShouldBe(!withheld);
        letter.BodyLength.ShouldBe(Encoding.UTF8.GetByteCount(body));
        if (withheld)
            letter.Detail.ShouldNotContain("secret");
    }

    private void FailFor(params string[] bodies) =>
        _fault = chunk => chunk.FirstOrDefault(bodies.Contains) is { } bad ? new InvalidOperationException(bad) : null;

    private Task<ProcessedChunk> GiveAsync(IReadOnlyList<string> bodies) =>
        Guard().ProcessAsync([.. bodies.Select(body => Some.Delivery(body))], Token);

    private Task<ProcessedChunk> GiveSuspectsAsync(params string[] bodies) =>
        Guard().ProcessAsync(Suspects(bodies), Token);

    private static IReadOnlyList<InboundMessage> Suspects(IEnumerable<string> bodies) =>
        [.. bodies.Select(body => Some.Delivery(body) with { DeliveryCount = InboundMessage.SuspectFrom })];

    // A worker that is killed during the attempt: counted, and nothing after that.
    private void BeKilled(params string[] bodies)
    {
        var killed = TestDrain.Guard((_, _) => new TaskCompletionSource<ProcessedChunk>().Task, _store);
        _ = killed.ProcessAsync(Suspects(bodies), CancellationToken.None);
    }

    private async Task<int> AttemptsAtAsync(string body)
    {
        var key = AttemptCounter.KeyOf(Some.Delivery(body));
        return (await ((IPoisonStore)_store).ReadAsync([key], Token)).GetValueOrDefault(key);
    }

    private PoisonGuard Guard() => _guard ??= TestDrain.Guard(
        (chunk, _) =>
        {
            string[] bodies = [.. chunk.Select(message => Encoding.UTF8.GetString(message.Body.Span))];
            _chunks.Add(bodies);
            if (_fault(bodies) is { } fault)
            {
                _beforeFault();
                return Task.FromException<ProcessedChunk>(fault);
            }

            _stored.AddRange(bodies);
            return Task.FromResult(TestDrain.Stored(chunk));
        },
        _store);
}
