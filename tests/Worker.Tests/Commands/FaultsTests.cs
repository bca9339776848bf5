using System.Net.Sockets;
using System.Reflection;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Worker.Commands;
using Worker.Errors;

namespace Worker.Tests.Commands;

public sealed class FaultsTests
{
    public static readonly TheoryData<string, Exception, int, string> Known = new()
    {
        { "configuration", new ConfigurationException(["Traces:Settle is wrong."]), ExitCodes.Usage, "Traces:Settle is wrong." },
        { "a store that is no use", new StoreUnusableException("The file is damaged."), ExitCodes.Usage, "The file is damaged." },
        { "a server that is no use", new StoreUnusableException("Too old.") { IsServersFault = true }, ExitCodes.Unreachable, "Too old." },
        { "a store that is away", new StoreUnavailableException("It is locked."), ExitCodes.Unreachable, "It is locked." },
        { "a server that is away", new ServerUnreachableException("It is down."), ExitCodes.Unreachable, "It is down." },
        { "a server's refusal", new StoreUnexpectedException(9, "It refused."), ExitCodes.Unreachable, "It refused." },
        { "a time-out", new TimeoutException("15 s."), ExitCodes.Unreachable, "worker verify waited too long for a server or the store and gave up (15 s); see that they run and answer, then try again." },
        { "a cancelled task", new TaskCanceledException(), ExitCodes.Unreachable, "worker verify waited too long for a server or the store and gave up (A task was canceled); see that they run and answer, then try again." },
        { "the broker's client", new OperationInterruptedException(new ShutdownEventArgs(ShutdownInitiator.Peer, 404, "NOT_FOUND - no queue")), ExitCodes.Unreachable, "RabbitMQ, or the network on the way to it, failed worker verify (" },
        { "the network", new SocketException((int)SocketError.HostNotFound), ExitCodes.Unreachable, "The network failed worker verify (" },
        { "a full disk", new IOException("No space left on device"), ExitCodes.SomeFailed, "worker verify could not use a file, or what it reads from or prints to (No space left on device); look at the disk" },
        { "a closed output", new UnauthorizedAccessException("Access denied.", new IOException("Bad file descriptor")), ExitCodes.SomeFailed, "(Access denied: Bad file descriptor)" },
        { "memory", new InsufficientMemoryException(), ExitCodes.SomeFailed, "worker verify ran out of memory" },
        { "a defect", new InvalidOperationException("Sequence contains\n no elements."), ExitCodes.SomeFailed, "worker verify failed by a fault of its own (InvalidOperationException: Sequence contains no elements); try it once more" },
    };

    [Theory]
    [MemberData(nameof(Known), DisableDiscoveryEnumeration = true)]
    public void Whatever_is_thrown_is_told_in_one_sentence_with_its_exit_code(
        string what, Exception exception, int exitCode, string sentence)
    {
        foreach (var thrown in new[] { exception, new AggregateException(exception), new AggregateException(new AggregateException(exception)), new TargetInvocationException(exception), new TypeInitializationException("Worker.X", exception) })
        {
            var fault = Faults.Describe(thrown, "worker verify", isInterrupted: false);

            fault.ExitCode.ShouldBe(exitCode, what);
            fault.Sentence.ShouldContain(sentence, Case.Sensitive, what);
            fault.Sentence.ShouldNotContain("\n");
        }
    }

    [Fact]
    public void What_is_known_is_found_behind_what_is_not()
    {
        var wrapped = new AggregateException(
            new InvalidOperationException("Outer."),
            new InvalidOperationException("Outer.", new StoreUnavailableException("The store is locked.")));

        Faults.Describe(wrapped, "worker run", isInterrupted: false).ShouldBe(
            new(ExitCodes.Unreachable, "The store is locked."));
    }

    [Fact]
    public void A_cancellation_is_an_interruption_only_where_the_user_asked_for_it()
    {
        Faults.Describe(new OperationCanceledException(), "worker run", isInterrupted: true).ShouldBe(
            new(ExitCodes.SomeFailed, "Interrupted before it was done."));
        Faults.Describe(new OperationCanceledException(), "worker run", isInterrupted: false).Sentence.ShouldContain(
            "waited too long");
        Faults.Describe(new StoreUnavailableException("Away."), "worker run", isInterrupted: true).Sentence.ShouldBe("Away.");
    }

    [Fact]
    public async Task A_defect_names_the_method_in_which_it_came_up()
    {
        var direct = Should.Throw<ArgumentException>(() => MessageFileOf(-1));
        var asynchronous = await Should.ThrowAsync<InvalidOperationException>(() => ThrowLaterAsync());

        Faults.Describe(direct, "worker run", isInterrupted: false).Sentence.ShouldContain(
            " in FaultsTests.MessageFileOf (ArgumentException: ");
        Faults.Describe(asynchronous, "worker run", isInterrupted: false).Sentence.ShouldContain(
            " in FaultsTests.ThrowLaterAsync (InvalidOperationException: later)");
    }

    private static int MessageFileOf(int number) => number < 0 ? throw new ArgumentException("negative") : number;

    private static async Task ThrowLaterAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException("later");
    }
}
