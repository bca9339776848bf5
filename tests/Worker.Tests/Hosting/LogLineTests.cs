using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Worker.Hosting;

namespace Worker.Tests.Hosting;

public sealed class LogLineTests
{
    [Fact]
    public void An_event_is_one_line()
    {
        Line("Stored\n 3 messages", null).ShouldBe(
            "2026-01-02T03:04:05.000Z warn: Worker.Some[SomethingHappened] Stored  3 messages" + Environment.NewLine);
    }

    [Fact]
    public void An_exception_says_what_happened_without_its_stack_trace()
    {
        Line("Failed.", Thrown("amqp://ann:top-s3cret@host is wrong.")).ShouldBe(
            "2026-01-02T03:04:05.000Z warn: Worker.Some[SomethingHappened] Failed. (InvalidOperationException: Outer, because of IOException: amqp://***@host is wrong)" + Environment.NewLine);
    }

    [Fact]
    public void A_fault_of_the_worker_itself_says_where_it_came_up()
    {
        var fault = Should.Throw<ArgumentException>(Fault);
        var wrapped = new IOException("The step faulted.", fault);

        Line("Failed.", wrapped).TrimEnd().ShouldMatch(
            @"\(IOException: The step faulted, because of ArgumentException: .* at Worker\.Tests\.[A-Za-z.]+Fault\(\)\)$");
    }

    [Theory]
    [InlineData("Logging:Verbose", "true")]
    [InlineData("Logging:LogLevel:Default", "Debug")]
    public void The_stack_trace_is_logged_where_it_is_asked_for_without_a_password(string key, string value)
    {
        var line = Line("Failed.", Thrown("amqp://ann:top-s3cret@host is wrong."), (key, value));

        line.ShouldContain("   at Worker.Tests.");
        line.ShouldNotContain("top-s3cret");
    }

    private static void Fault() => throw new ArgumentException("Index was out of range");

    private static InvalidOperationException Thrown(string words) =>
        Should.Throw<InvalidOperationException>(
            () => throw new InvalidOperationException("Outer.", new IOException(words)));

    private static string Line(string message, Exception? exception, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        using var text = new StringWriter();
        new LogLine(configuration, new FakeTimeProvider(Some.Time)).Write(
            new LogEntry<string>(LogLevel.Warning, "Worker.Some", new EventId(7, "SomethingHappened"), message, exception, (state, _) => state), null, text);
        return text.ToString();
    }
}
