using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Ingestion;
using Worker.Publishing;
using Worker.Storage;

namespace Worker.Tests.Publishing;

/// <summary>What the broker does not take is kept, bounded, and sent in order once it does.</summary>
public sealed class SpillTests : IAsyncDisposable
{
    private readonly FakeIntake _broker = new();
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly InboxSignal _signal = new();
    private readonly SpillOptions _options = new();
    private readonly Spill _spill;
    private readonly SpillingIntake _intake;
    private readonly SpillForwarder _forwarder;

    public SpillTests()
    {
        _spill = new(Options.Create(_options), _time);
        _intake = new(
            _broker,
            new InboxIntake(_store, _signal, new StoreResilience(_time)),
            _spill,
            NullLogger<SpillingIntake>.Instance);
        _forwarder = new(
            _store,
            _signal,
            _broker,
            _spill,
            Options.Create(new IngestionOptions()),
            _time,
            NullLogger<SpillForwarder>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _forwarder.StopAsync(CancellationToken.None);
        _forwarder.Dispose();
        _signal.Dispose();
    }

    [Fact]
    public async Task What_the_broker_takes_is_not_kept()
    {
        await TakeAsync("a");

        Bodies(_broker.Taken).ShouldBe(["a"]);
        _store.InboxMessages.ShouldBeEmpty();
        _spill.IsInUse.ShouldBeFalse();
    }

    [Fact]
    public async Task What_it_does_not_take_is_kept_and_so_is_all_that_follows_until_that_is_sent()
    {
        _broker.Refuse();
        await TakeAsync("a");
        _broker.Accept();
        await TakeAsync("b");
        Bodies(_store.InboxMessages).ShouldBe(["a", "b"]);
        _broker.Taken.ShouldBeEmpty();

        await _forwarder.StartAsync(Token);
        await EmptiedAsync();
        await TakeAsync("c");

        Bodies(_broker.Taken).ShouldBe(["a", "b", "c"]);
        _store.InboxMessages.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_earlier_process_left_goes_first()
    {
        await _store.AppendAsync([Some.InboxMessage("left")], Token);
        _broker.Refuse();
        await _forwarder.StartAsync(Token);
        await Until(() => _spill.IsInUse);
        await TakeAsync("new");

        _broker.Accept();
        await EmptiedAsync();

        Bodies(_broker.Taken).ShouldBe(["left", "new"]);
    }

    [Fact]
    public async Task Nothing_overtakes_the_oldest_where_the_broker_comes_back_while_it_is_tried()
    {
        await _store.AppendAsync([Some.InboxMessage("1"), Some.InboxMessage("2"), Some.InboxMessage("3")], Token);
        _broker.RefuseOnce();

        await _forwarder.StartAsync(Token);
        await Until(() => _broker.Taken.Count == 3);

        Bodies(_broker.Taken).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_message_of_which_the_broker_may_have_a_copy_is_kept_all_the_same()
    {
        _broker.Refuse(mayBeTaken: true);

        await TakeAsync("a");

        Bodies(_store.InboxMessages).ShouldBe(["a"]);
    }

    [Fact]
    public async Task At_the_bound_nothing_is_sent_anywhere_and_once_there_is_room_it_is()
    {
        _options.MaxBytes = 3;
        _broker.Refuse();
        await TakeAsync("aa");
        _broker.Accept();

        var refusal = await TakeAsync("bb").ShouldThrowAsync<NotTakenException>();
        refusal.Message.ShouldContain("Spill:MaxBytes");
        refusal.MayBeTaken.ShouldBeFalse();
        await _forwarder.StartAsync(Token);
        await EmptiedAsync();
        Bodies(_broker.Taken).ShouldBe(["aa"]);

        await TakeAsync("bb");
        Bodies(_broker.Taken).ShouldBe(["aa", "bb"]);
    }

    [Fact]
    public async Task What_is_under_way_to_the_broker_has_its_place_too()
    {
        _options.MaxBytes = 3;
        var confirm = new TaskCompletionSource();
        _broker.Before = () => confirm.Task;
        var first = TakeAsync("aa");

        await TakeAsync("bb").ShouldThrowAsync<NotTakenException>();
        confirm.SetResult();
        await first;
        await TakeAsync("bb");

        Bodies(_broker.Taken).ShouldBe(["aa", "bb"]);
    }

    [Fact]
    public async Task When_the_oldest_has_waited_too_long_somebody_has_to_look()
    {
        _broker.Refuse();
        await TakeAsync("a");
        _time.Advance(_options.MaxAge);
        await TakeAsync("b");
        _time.Advance(TimeSpan.FromSeconds(1));

        (await TakeAsync("c").ShouldThrowAsync<NotTakenException>()).Message.ShouldContain("Spill:MaxAge");
    }

    [Fact]
    public async Task Where_the_file_does_not_take_it_either_both_reasons_are_told_and_its_place_is_free_again()
    {
        _options.MaxBytes = 1;
        _broker.Refuse("The broker is away.", mayBeTaken: true);
        var disk = new FakeIntake();
        disk.Refuse("The disk is full.");
        var intake = new SpillingIntake(_broker, disk, _spill, NullLogger<SpillingIntake>.Instance);

        var refusal = await intake.TakeAsync(Some.InboxMessage("a"), Token).ShouldThrowAsync<NotTakenException>();

        refusal.Message.ShouldBe("The broker is away, and a list does not take it either: The disk is full.");
        refusal.MayBeTaken.ShouldBeTrue();
        _spill.IsInUse.ShouldBeFalse();
        _broker.Accept();
        await intake.TakeAsync(Some.InboxMessage("b"), Token);
        Bodies(_broker.Taken).ShouldBe(["b"]);
    }

    [Fact]
    public async Task What_another_process_has_forwarded_is_waited_for_no_longer()
    {
        _broker.Refuse();
        await TakeAsync("a");
        await _store.RemoveAsync([.. _store.InboxMessages.Select(message => message.Position)], Token);

        await _forwarder.StartAsync(Token);
        await EmptiedAsync();

        _broker.Accept();
        await TakeAsync("b");
        Bodies(_broker.Taken).ShouldBe(["b"]);
    }

    /// <summary>
    /// Whatever the broker does meanwhile: each message that was taken reaches it, and no message that was refused.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_the_broker_does_all_that_was_taken_reaches_it_and_nothing_else(int seed)
    {
        var random = new Random(seed);
        _options.MaxBytes = 60;
        await _forwarder.StartAsync(Token);
        var (taken, refused) = (new List<string>(), new List<string>());
        for (var round = 0; round < 100; round++)
        {
            if (random.Next(3) == 0)
                _broker.Refuse(mayBeTaken: random.Next(2) == 0);
            else
                _broker.Accept();
            var bodies = Enumerable.Range(0, random.Next(1, 12)).Select(number => $"{round}-{number}").ToList();
            var results = await Task.WhenAll(bodies.Select(IsTakenAsync));
            taken.AddRange(bodies.Where((_, index) => results[index]));
            refused.AddRange(bodies.Where((_, index) => !results[index]));
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(1500)));
        }

        _broker.Accept();
        await EmptiedAsync();

        refused.ShouldNotBeEmpty();
        Bodies(_broker.Taken).Distinct().ShouldBe(taken, ignoreOrder: true);
        _store.InboxMessages.ShouldBeEmpty();
    }

    private Task TakeAsync(string body) => _intake.TakeAsync(Some.InboxMessage(body), Token);

    private async Task<bool> IsTakenAsync(string body)
    {
        try
        {
            await TakeAsync(body);
            return true;
        }
        catch (NotTakenException)
        {
            return false;
        }
    }

    private Task EmptiedAsync() => Until(() => !_spill.IsInUse);

    /// <summary>While the forwarder's pauses pass.</summary>
    private async Task Until(Func<bool> isSo)
    {
        while (!isSo())
        {
            Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    private static IEnumerable<string> Bodies(IEnumerable<InboxMessage> messages) =>
        messages.Select(message => Encoding.UTF8.GetString(message.Body.Span));
}
