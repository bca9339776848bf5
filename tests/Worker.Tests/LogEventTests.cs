using System.Reflection;
using Microsoft.Extensions.Logging;
using Worker.Traces;

namespace Worker.Tests;

/// <summary>The worker's own log has one style: an event is its name, which is the name of its method.</summary>
public sealed class LogEventTests
{
    private static readonly IReadOnlyList<(string Name, LoggerMessageAttribute Event)> Events =
    [
        .. from type in typeof(Log).Assembly.GetTypes()
           from method in type.GetMethods(
               BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           from attribute in method.GetCustomAttributes<LoggerMessageAttribute>()
           select ($"{type.Name}.{method.Name}", attribute),
    ];

    [Fact]
    public void An_event_has_no_number_and_no_second_name()
    {
        Events.ShouldNotBeEmpty();
        Events.Where(each => each.Event.EventId != new LoggerMessageAttribute().EventId || each.Event.EventName is not null)
            .Select(each => each.Name)
            .ShouldBeEmpty();
    }

    [Fact]
    public void An_event_says_something_without_a_full_stop() =>
        Events.Where(each => string.IsNullOrEmpty(each.Event.Message) || each.Event.Message.EndsWith('.'))
            .Select(each => each.Name)
            .ShouldBeEmpty();
}
