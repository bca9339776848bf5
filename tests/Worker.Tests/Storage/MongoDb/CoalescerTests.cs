using Worker.Errors;
using Worker.Storage.MongoDb;

namespace Worker.Tests.Storage.MongoDb;

public sealed class CoalescerTests
{
    private static readonly int[] Weights = [1, 600, 400, 1, 5_000, 2];

    private readonly List<int[]> _commands = [];
    private readonly Queue<TaskCompletionSource> _gates = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_goes_at_once_where_nothing_is_under_way()
    {
        var coalescer = Doubling();

        (await coalescer.RunAsync(7, Cancellation)).ShouldBe(14);

        _commands.ShouldHaveSingleItem().ShouldBe([7]);
    }

    [Fact]
    public async Task What_comes_while_a_command_is_under_way_goes_together_and_each_gets_its_own_answer()
    {
        var first = Gate();
        var coalescer = Doubling();

        var answers = Enumerable.Range(1, 6).Select(number => coalescer.RunAsync(number, Cancellation)).ToArray();
        _commands.Count.ShouldBe(1, "one is under way");
        first.SetResult();

        (await Task.WhenAll(answers)).ShouldBe([2, 4, 6, 8, 10, 12]);
        _commands.ShouldBe([[1], [2, 3, 4, 5, 6]]);
    }

    [Fact]
    public async Task No_more_go_together_than_weigh_a_thousand_and_one_that_weighs_more_goes_alone()
    {
        var first = Gate();
        var coalescer = Doubling(weight: number => number);

        var answers = Weights.Select(number => coalescer.RunAsync(number, Cancellation)).ToArray();
        first.SetResult();
        await Task.WhenAll(answers);

        _commands.ShouldBe([[1], [600, 400], [1], [5_000], [2]]);
    }

    [Fact]
    public async Task A_failure_fails_only_the_request_that_caused_it()
    {
        var first = Gate();
        var coalescer = Doubling(fails: number => number == 4 ? new InvalidOperationException("four") : null);

        var answers = Enumerable.Range(1, 5).Select(number => coalescer.RunAsync(number, Cancellation)).ToArray();
        first.SetResult();

        (await Should.ThrowAsync<InvalidOperationException>(answers[3])).Message.ShouldBe("four");
        (await Task.WhenAll(answers.Where((_, index) => index != 3))).ShouldBe([2, 4, 6, 10]);
    }

    [Fact]
    public async Task A_statement_that_fails_for_now_fails_only_its_own_request()
    {
        var first = Gate();
        var coalescer = Doubling(fails: number => number == 4 ? new MongoStatementException("locked") : null);

        var answers = Enumerable.Range(1, 6).Select(number => coalescer.RunAsync(number, Cancellation)).ToArray();
        first.SetResult();

        await Should.ThrowAsync<StoreUnavailableException>(answers[3]);
        (await Task.WhenAll(answers.Where((_, index) => index != 3))).ShouldBe([2, 4, 6, 10, 12]);
        _commands.Skip(1).ShouldBe([[2, 3, 4, 5, 6], [2, 3], [4, 5, 6], [4], [5, 6]]);
    }

    [Fact]
    public async Task Who_gets_no_answer_is_told_so()
    {
        var coalescer = new Coalescer<int, int>(_ => Task.FromResult<IReadOnlyList<int>>([]), _ => 1);

        await Should.ThrowAsync<InvalidOperationException>(coalescer.RunAsync(1, Cancellation));
        await Should.ThrowAsync<InvalidOperationException>(coalescer.RunAsync(2, Cancellation));
    }

    [Fact]
    public async Task A_request_that_cannot_be_weighed_fails_alone()
    {
        var coalescer = Doubling(weight: number => number == 0 ? throw new ArgumentException("weightless") : 1);

        await Should.ThrowAsync<ArgumentException>(async () => await coalescer.RunAsync(0, Cancellation));

        (await coalescer.RunAsync(1, Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task An_outage_fails_all_and_the_next_request_is_sent_again()
    {
        var first = Gate();
        var isOut = true;
        var coalescer = Doubling(fails: number => isOut && number > 1 ? new StoreUnavailableException("out") : null);

        var answers = Enumerable.Range(1, 4).Select(number => coalescer.RunAsync(number, Cancellation)).ToArray();
        first.SetResult();
        foreach (var answer in answers.Skip(1))
            await Should.ThrowAsync<StoreUnavailableException>(answer);
        isOut = false;

        (await coalescer.RunAsync(3, Cancellation)).ShouldBe(6);
        _commands.Count.ShouldBe(3, "an outage is not asked about one by one");
    }

    [Fact]
    public async Task Who_is_cancelled_leaves_and_the_others_are_answered()
    {
        var first = Gate();
        using var leaving = new CancellationTokenSource();
        var coalescer = Doubling();

        var others = new[] { coalescer.RunAsync(1, Cancellation), coalescer.RunAsync(2, Cancellation) };
        var left = coalescer.RunAsync(3, leaving.Token);
        var stayed = coalescer.RunAsync(4, Cancellation);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(left);
        first.SetResult();

        (await Task.WhenAll([.. others, stayed])).ShouldBe([2, 4, 8]);
        await Should.ThrowAsync<OperationCanceledException>(async () => await coalescer.RunAsync(5, leaving.Token));
        _commands.ShouldBe([[1], [2, 4]], "what is cancelled before it is sent is not sent");
    }

    [Fact]
    public async Task Many_callers_at_once_are_all_answered_and_never_two_commands_are_under_way()
    {
        var (underWay, most, commands) = (0, 0, 0);
        var coalescer = new Coalescer<int, int>(
            async numbers =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref underWay));
                Interlocked.Increment(ref commands);
                await Task.Yield();
                Interlocked.Decrement(ref underWay);
                return [.. numbers.Select(number => number * 2)];
            },
            _ => 1);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10_000).Select(number => Task.Run(() => coalescer.RunAsync(number, Cancellation))));

        answers.ShouldBe(Enumerable.Range(0, 10_000).Select(number => number * 2));
        most.ShouldBe(1);
        commands.ShouldBeLessThanOrEqualTo(10_000);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var found = Interlocked.CompareExchange(ref most, value, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    /// <summary>The next command waits for it.</summary>
    private TaskCompletionSource Gate()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gates.Enqueue(gate);
        return gate;
    }

    private Coalescer<int, int> Doubling(Func<int, int>? weight = null, Func<int, Exception?>? fails = null) => new(
        async numbers =>
        {
            TaskCompletionSource? gate;
            lock (_commands)
            {
                _commands.Add([.. numbers]);
                _gates.TryDequeue(out gate);
            }

            await (gate?.Task ?? Task.CompletedTask);
            return numbers.Select(fails ?? (_ => null)).FirstOrDefault(failure => failure is not null) is { } failure
                ? throw failure
                : [.. numbers.Select(number => number * 2)];
        },
        weight ?? (_ => 1));
}
