using System.Text;
using Microsoft.Extensions.Options;
using Shouldly;
using Worker.Ingestion;
using Worker.Ingestion.Inbox;
using Worker.Storage;
using Worker.Testing;
using Xunit;

namespace Worker.Tests.Ingestion;

public sealed class PoisonGuardTests
{
    private readonly InMemoryStore _store = new();
    private readonly List<int> _chunks = [];
    private Exception? _fault;
    private Action? _beforeFault;
    private PoisonGuard? _guard;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_third_lapse_refuses_a_suspect()
    {
        _fault = new InvalidOperationException("it always does this");

        await Should.ThrowAsync<InvalidOperationException>(() => GiveAsync(Suspect("{}")));
        await Should.ThrowAsync<InvalidOperationException>(() => GiveAsync(Suspect("{}")));
        (await GiveAsync(Suspect("{}"))).ShouldBe(new ChunkResult { Refused = 1 });

        var letter = _store.StoredLetters.ShouldHaveSingleItem();
        letter.Reason.ShouldBe("poison");
        letter.Kind.ShouldBe("tool.logged");
    }

    [Fact]
    public async Task A_suspect_that_ended_three_workers_is_refused_untouched()
    {
        for (var i = 0; i < PoisonGuard.Attempts; i++)
            BeKilled("{}");

        (await GiveAsync(Suspect("{}"))).Refused.ShouldBe(1);
        _chunks.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_outage_condemns_nobody()
    {
        for (var i = 0; i < 10; i++)
        {
            _fault = i % 2 == 0 ? new StoreUnavailableException("down") : new ServerUnreachableException("down");
            await Should.ThrowAsync<Exception>(() => GiveAsync(Suspect("{}")));
        }

        _fault = null;
        (await GiveAsync(Suspect("{}"))).ShouldBe(new ChunkResult { Stored = 1 });
    }

    [Fact]
    public async Task A_count_that_the_store_could_not_take_back_is_taken_back_later()
    {
        for (var i = 0; i < 10; i++)
        {
            _fault = new StoreUnavailableException("down");
            _beforeFault = () => _store.Failure = _fault;
            await Should.ThrowAsync<StoreUnavailableException>(() => GiveAsync(Suspect("{}")));
            _store.Failure = null;
        }

        (_fault, _beforeFault) = (null, null);
        (await GiveAsync(Suspect("{}"))).ShouldBe(new ChunkResult { Stored = 1 });
    }

    [Fact]
    public async Task Success_clears_the_count()
    {
        for (var i = 0; i < 10; i++)
        {
            _fault = i % 2 == 0 ? new InvalidOperationException("now and then") : null;
            await GiveAsync(Suspect("{}")).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        _store.StoredLetters.ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_that_came_back_less_often_are_not_counted()
    {
        _fault = new InvalidOperationException("a fault of the whole chunk");
        for (var i = 0; i < 10; i++)
            await Should.ThrowAsync<InvalidOperationException>(() => GiveAsync(Some.Delivery("{}") with { DeliveryCount = 2 }));

        _store.StoredLetters.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"save":false,"output":"secret"}""", true)]
    [InlineData("""{"message":{"save" : 0}}""", true)]
    [InlineData("""{"save": true,"output":"o"}""", false)]
    [InlineData("""{"save":null}""", false)]
    [InlineData("""{"output":"o"}""", false)]
    public async Task A_body_that_may_ask_not_to_be_saved_is_withheld(string body, bool withheld)
    {
        for (var i = 0; i < PoisonGuard.Attempts; i++)
            BeKilled(body);
        await GiveAsync(Suspect(body));

        var letter = _store.StoredLetters.ShouldHaveSingleItem();
        letter.Withheld.ShouldBe(withheld);
        letter.Body.HasValue.ShouldBe(!withheld);
        letter.BodyLength.ShouldBe(Encoding.UTF8.GetByteCount(body));
    }

    private Task<ChunkResult> GiveAsync(InboundMessage message) => Guard().ProcessAsync([message], Token);

    private static InboundMessage Suspect(string body) => Some.Delivery(body) with { DeliveryCount = PoisonGuard.SuspectFrom };

    // A worker that is killed during the attempt: counted, and nothing after that.
    private void BeKilled(string body)
    {
        var killed = new PoisonGuard(
            (_, _) => new TaskCompletionSource<ChunkResult>().Task, _store, new StoreDeadLetterSink(_store, new(TimeProvider.System)), new(TimeProvider.System),
            Options.Create(new PrivacyOptions()));
        _ = killed.ProcessAsync([Suspect(body)], CancellationToken.None);
    }

    private PoisonGuard Guard() => _guard ??= new(
        (chunk, _) =>
        {
            _beforeFault?.Invoke();
            if (_fault is not null)
                return Task.FromException<ChunkResult>(_fault);
            _chunks.Add(chunk.Count);
            return Task.FromResult(new ChunkResult { Stored = chunk.Count });
        },
        _store,
        new StoreDeadLetterSink(_store, new(TimeProvider.System)),
        new(TimeProvider.System),
        Options.Create(new PrivacyOptions()));
}
