using Worker.Commands;
using Worker.Tests.Storage.MongoDb;

namespace Worker.Tests.Commands;

/// <summary>What a user sees of a fault, through the whole program.</summary>
public sealed class FaultReportTests : IDisposable
{
    private const string Password = "top-s3cret";

    private readonly CommandLine _worker = new();

    public static TheoryData<string> Commands => ["run", "verify", "trace x", "explain x"];

    public void Dispose() => _worker.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_server_of_a_version_that_the_driver_refuses_is_told_in_a_sentence(string command)
    {
        await using var server = new FakeMongoServer(maxWireVersion: 2);
        var (exitCode, output, error) = await RunAsync(command, At(server));

        exitCode.ShouldBe(ExitCodes.Unreachable, error);
        output.ShouldBeEmpty();
        error.ShouldBeOneSentence().ShouldStartWith(
            $"MongoDB at {server.Host}, database worker is of a version or kind that the worker cannot use (");
        error.ShouldContain("wire version 2");
    }

    [Theory]
    [InlineData(59, "no such command: 'update'", ExitCodes.Unreachable, "cannot use (no such command: 'update')")]
    [InlineData(
        40324,
        "Unrecognized pipeline stage name: '$set'.",
        ExitCodes.Unreachable,
        "cannot use (Unrecognized pipeline stage name: '$set')")]
    [InlineData(
        9, "Failed to\nparse.", ExitCodes.Unreachable, "did not understand each other (code 9: Failed to parse)")]
    [InlineData(0, "No code", ExitCodes.Unreachable, "did not understand each other (code 0: No code)")]
    [InlineData(13, "not authorized", ExitCodes.Usage, "refused the credentials")]
    [InlineData(8000, "over quota", ExitCodes.Unreachable, "did not do it now (code 8000: over quota)")]
    public async Task Whatever_a_server_refuses_with_is_told_in_a_sentence(
        int code, string words, int exitCode, string says)
    {
        await using var server = new FakeMongoServer(refusal: (code, words));
        var (exit, _, error) = await RunAsync("verify", At(server));

        exit.ShouldBe(exitCode, error);
        error.ShouldBeOneSentence().ShouldContain(says);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_told_in_a_sentence()
    {
        using var certificate = TestCertificate.Create("localhost");
        await using var server = new FakeMongoServer(certificate: certificate);
        var (exitCode, _, error) = await RunAsync("verify", At(server, "tls=true&serverSelectionTimeoutMS=2000"));

        exitCode.ShouldBe(ExitCodes.Unreachable, error);
        error.ShouldBeOneSentence().ShouldContain(server.Host);
    }

    [Theory]
    [InlineData("mongodb+srv://ann:top-s3cret@cluster.nowhere.invalid/", ExitCodes.Unreachable)]
    [InlineData("mongodb://ann:top-s3cret@nowhere.invalid/?serverSelectionTimeoutMS=500", ExitCodes.Unreachable)]
    [InlineData("mongodb://ann:top-s3cret@127.0.0.1:1/?serverSelectionTimeoutMS=500", ExitCodes.Unreachable)]
    [InlineData("mongodb://ann:top-s3cret@host/?tls=perhaps", ExitCodes.Usage)]
    [InlineData("mongodb+srv://ann:top-s3cret@cluster.nowhere.invalid:27017/", ExitCodes.Usage)]
    public async Task A_server_that_is_not_found_or_not_named_is_told_in_a_sentence_without_the_password(
        string address, int exitCode)
    {
        var (exit, _, error) = await RunAsync("verify", address);

        error.ShouldBeOneSentence();
        exit.ShouldBe(exitCode, error);
    }

    [Theory]
    [InlineData("--verbose")]
    [InlineData("--Logging:LogLevel:Default=Debug")]
    [InlineData("--Logging:LogLevel:Default=trace")]
    public async Task The_stack_trace_is_shown_where_it_is_asked_for_and_holds_no_password(string ask)
    {
        await using var server = new FakeMongoServer(refusal: (9, $"mongodb://ann:{Password}@host is {Password}"));
        var (exitCode, _, error) = await RunAsync(
            $"verify {ask} --ConnectionStrings:RabbitMq=amqp://ann:{Password}@host", At(server));

        exitCode.ShouldBe(ExitCodes.Unreachable);
        error.ShouldContain("   at Worker.");
        error.ShouldNotContain(Password);
    }

    [Fact]
    public async Task Verbose_is_an_option_of_every_command_and_in_the_help()
    {
        foreach (var command in new[] { "", "run", "serve", "demo", "publish", "trace", "explain", "dead-letters list", "verify" })
            (await _worker.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Output.ShouldContain("--verbose", Case.Sensitive, command);
        (await _worker.RunAsync("--verbose", "trace", "nowhere")).ExitCode.ShouldBe(ExitCodes.NotFound);
        (await _worker.RunAsync("trace", "nowhere", "--verbose")).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    [Theory]
    [InlineData(
        "--Logging:LogLevel:Default=Verbose",
        "Logging:LogLevel:Default is \"Verbose\"; it accepts Trace, Debug, Information")]
    [InlineData(
        "--Logging:Console:LogLevel:Worker=loud", "Logging:Console:LogLevel:Worker is \"loud\"; it accepts Trace")]
    public async Task A_level_that_the_log_does_not_know_is_a_fault_of_the_configuration(
        string setting, string sentence)
    {
        var (exitCode, _, error) = await _worker.RunAsync("run", setting);

        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldBeOneSentence().ShouldStartWith(sentence);
    }

    [Theory]
    [InlineData("verify -ConnectionStrings:RabbitMq=amqp://ann:top-s3cret@host")]
    [InlineData("verify --ConnectionStrings:RabbitMq=amqp://ann:top-s3cret@host surplus")]
    [InlineData("verify --Mode=amqp://ann:top-s3cret@host")]
    [InlineData("verify --Traces:Settle=amqp://ann:top-s3cret@host")]
    [InlineData("dead-letters list --ConnectionStrings:RabbitMq=ann:top-s3cret@host")]
    [InlineData("dead-letters list --ConnectionStrings:RabbitMq=amqp://ann:top-s3cret@127.0.0.1:1/x/y")]
    [InlineData("dead-letters list --ConnectionStrings:RabbitMq=amqp://ann:top-s3cret@127.0.0.1:1/%zz --verbose")]
    [InlineData("dead-letters list --ConnectionStrings:RabbitMq=amqp://ann:top-s3cret@nowhere.invalid --verbose")]
    [InlineData("dead-letters list --ConnectionStrings:RabbitMq=amqps://ann:top-s3cret@127.0.0.1:1 --verbose")]
    public async Task No_sentence_about_what_was_given_holds_the_password(string commandLine)
    {
        var (exitCode, output, error) = await _worker.RunAsync(commandLine.Split(' '));

        exitCode.ShouldBeOneOf(ExitCodes.Usage, ExitCodes.Unreachable);
        error.ShouldNotBeEmpty();
        (output + error).ShouldNotContain(Password);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string command, string address) =>
        _worker.RunAsync([.. command.Split(' '), "--ConnectionStrings:MongoDb=" + address]);

    // A server that answers is not waited for so long, however busy the machine is.
    private static string At(FakeMongoServer server, string options = "serverSelectionTimeoutMS=30000") => $"mongodb://{server.Host}/?{options}";
}
