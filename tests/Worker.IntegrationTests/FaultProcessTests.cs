using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Worker.IntegrationTests.Support;
using Worker.Storage;
using Worker.Testing;

namespace Worker.IntegrationTests;

/// <summary>
/// What only a process of its own shows of a fault: its output's other end, its signals, its other threads.
/// </summary>
public sealed class FaultProcessTests : IDisposable
{
    private const int SigInt = 2;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_reader_that_has_seen_enough_is_no_fault()
    {
        // Far more than a pipe holds, so that the worker is still printing when its reader goes.
        await using (var store = await StoreReader.OpenAsync(_folder.Path))
            await store.Logs.WriteAsync(
                [.. Enumerable.Range(0, 5_000).Select(number => Some.FlowLog($"flow-{number:0000}", complete: true))],
                Cancellation);

        var result = await ShellAsync("verify | head -n 1");

        result.Output.ShouldStartWith("Flow Log flow-0000 is complete and has no run.");
        result.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("verify > /dev/full", "No space left on device")]
    [InlineData("verify --json > /dev/full", "No space left on device")]
    [InlineData("verify >&-", "Bad file descriptor")]
    [InlineData("--help > /dev/full", "No space left on device")]
    public async Task An_output_that_cannot_be_written_is_told_in_a_sentence(string command, string because)
    {
        await using (await StoreReader.OpenAsync(_folder.Path))
        {
            // It is there.
        }

        var result = await ShellAsync(command);

        result.ExitCode.ShouldBe(1, result.Error);
        var sentence = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        sentence.ShouldContain("prints to");
        sentence.ShouldContain(because);
    }

    [Fact]
    public async Task Where_nothing_can_be_said_any_more_the_exit_code_does()
    {
        (await ShellAsync("verify 2> /dev/full > /dev/full")).ExitCode.ShouldBe(1);
        (await ShellAsync("travel 2> /dev/full")).ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--verbose")]
    public async Task A_thread_that_fails_ends_the_program_with_a_sentence(string option)
    {
        var environment = new Dictionary<string, string> { ["DOTNET_STARTUP_HOOKS"] = typeof(FaultProcessTests).Assembly.Location, ["Storage__Path"] = _folder.Path, ["Front__Enabled"] = "false" };

        var result = await Programs.RunAsync(
            Programs.Dotnet,
            [Programs.Worker, "run", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            environment);

        result.ExitCode.ShouldBe(1, result.Error);
        result.Error.ShouldContain("worker failed by a fault of its own (InvalidOperationException: A thread fell over amqp://***@host); try it once more");
        result.Error.ShouldNotContain("Unhandled exception");
        result.Error.ShouldNotContain("top-s3cret");
        result.Error.Contains("   at StartupHook", StringComparison.Ordinal).ShouldBe(option.Length > 0);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_command_that_waits_for_its_input_and_says_so()
    {
        // Whoever runs the tests in the background of a shell has it ignored, and so would the program.
        string[] program = ["--default-signal=INT", Programs.Dotnet, Programs.Worker, "publish", "-"];
        using var process = new Process { StartInfo = Programs.Info("env", program, Environment) };
        process.Start();
        await process.StandardInput.WriteLineAsync("""{"type":"tool.logged","log_id":"before"}""".AsMemory(), Cancellation);
        await process.StandardInput.FlushAsync(Cancellation);
        await Eventually.IsTrueAsync("the first line is published", () => IsStoredAsync("before"));

        WorkerProcess.Signal(process.Id, SigInt).ShouldBe(0);
        await process.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        process.ExitCode.ShouldBe(1);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        error.ShouldContain("Published 1 message");
        error.ShouldEndWith("Interrupted before it was done." + System.Environment.NewLine);
    }

    private Dictionary<string, string> Environment => new() { ["Storage__Path"] = _folder.Path };

    private Task<ProgramResult> ShellAsync(string command) =>
        Programs.RunAsync("bash", ["-c", $"\"{Programs.Dotnet}\" \"{Programs.Worker}\" {command}"], Environment);

    private async Task<bool> IsStoredAsync(string logId)
    {
        if (!File.Exists(Path.Combine(_folder.Path, "worker.db")))
            return false;
        await using var store = await StoreReader.OpenAsync(_folder.Path);
        var messages = await store.Services.GetRequiredService<IInbox>().PeekAsync(0, 10, Cancellation);
        return messages.Any(
            message => Encoding.UTF8.GetString(message.Body.Span).Contains(logId, StringComparison.Ordinal));
    }
}
