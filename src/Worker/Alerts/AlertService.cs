using Microsoft.Extensions.Options;
using Worker.Errors;

namespace Worker.Alerts;

/// <summary>
/// Looks at the alerts again and again, and has them told. A file that was changed is taken up; one with mistakes stops
/// nothing: what it said before stands.
/// </summary>
internal sealed partial class AlertService(
    AlertFolder folder,
    AlertLook look,
    AlertPost post,
    IOptions<AlertOptions> options,
    TimeProvider time,
    ILogger<AlertService> logger) : BackgroundService
{
    private readonly HashSet<string> _notLookedAt = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            Reread();
            await Task.WhenAll(folder.All.Where(alert => alert.IsEnabled).Select(
                alert => LookAsync(alert, stoppingToken)));
            await Task.Delay(options.Value.Every, time, stoppingToken);
        }
    }

    private void Reread()
    {
        try
        {
            foreach (var mistake in folder.ReadChanged())
                AlertFileRefused(mistake);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            AlertFileRefused(failure.Message);
        }
    }

    private async Task LookAsync(Alert alert, CancellationToken cancellationToken)
    {
        try
        {
            if (await look.LookAsync(alert, cancellationToken) is { } change)
                Tell(alert, change);
            await post.SendAsync(alert, cancellationToken);
            lock (_notLookedAt)
                _notLookedAt.Remove(alert.Name);
        }
        catch (Exception failure) when (StoreFailure.Is(failure) || failure is ServerUnreachableException)
        {
            lock (_notLookedAt)
            {
                if (_notLookedAt.Add(alert.Name))
                    AlertNotLookedAt(alert.Name, failure.Message);
            }
        }
    }

    private void Tell(Alert alert, AlertChange change)
    {
        foreach (var each in change.Events)
        {
            var value = each.Found.Value is { } found ? AlertWords.Value(found) : "nothing";
            if (each.IsRecovery)
                AlertRecovered(alert.Name, each.Breach, value, each.Found.Count);
            else if (each.IsOfNoData)
                AlertFoundNothing(alert.Name, each.Breach, AlertWords.Of(alert));
            else
                AlertFired(alert.Name, each.Breach, AlertWords.Of(alert), value, each.Found.Count, each.Found.Against);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Alert {Alert} fired as {Breach}: {What}; it is {Value} of {Count}, and {Against} count against it")]
    private partial void AlertFired(
        string alert, string breach, string what, string value, long count, long against);

    [LoggerMessage(LogLevel.Warning, "Alert {Alert} fired as {Breach}: {What}; there was nothing to measure")]
    private partial void AlertFoundNothing(string alert, string breach, string what);

    [LoggerMessage(LogLevel.Information, "Alert {Alert} recovered from {Breach}; it is {Value} of {Count}")]
    private partial void AlertRecovered(string alert, string breach, string value, long count);

    [LoggerMessage(LogLevel.Error, "An alert file was refused, and what it said before stands: {Mistake}")]
    private partial void AlertFileRefused(string mistake);

    [LoggerMessage(
        LogLevel.Error, "Alert {Alert} could not be looked at; this is tried again until it works: {Reason}")]
    private partial void AlertNotLookedAt(string alert, string reason);
}
