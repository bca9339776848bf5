using Spectre.Console;
using Worker.Alerts;
using Worker.Storage;

namespace Worker.Commands;

/// <summary>What an alert would have said, as it comes to light.</summary>
internal sealed class AlertReport(Alert alert, Terminal terminal, bool json)
{
    private readonly Table _table = new Table().Border(TableBorder.Simple).AddColumns(
        "at", "event", "value", "of", "against", "breach");

    private int _looks, _fired, _recovered, _unsaid;
    private TimeSpan _broken;
    private AlertState? _last;

    public void Add(AlertChange look)
    {
        _looks++;
        if (look.State.Count == 0 || look.State.Count < alert.AtLeast)
            _unsaid++;
        foreach (var each in look.Events)
            Add(each);
        _last = look.State;
    }

    public void End(DateTimeOffset now)
    {
        if (_last is { Breach: not null } last)
            _broken += now - last.Since;
        if (!json && _fired > 0)
            terminal.Write(_table);
        var step = AlertPreview.StepOf(alert);
        terminal.Error.WriteLine(
            $"{Counted.Phrase(_looks, "look")}, every {Durations.Words(step)}: fired {_fired} and recovered " +
            $"{_recovered} times, {Durations.Words(_broken)} in all; " +
            $"at {Counted.Phrase(_unsaid, "look")} too little was there to say anything.");
    }

    private void Add(AlertEvent told)
    {
        if (told.IsRecovery)
        {
            _recovered++;
            _broken += told.At - told.Since;
        }
        else
        {
            _fired++;
        }

        if (json)
        {
            terminal.Output.WriteLine(AlertMessage.Of(alert, told).ToString());
            return;
        }

        var what = told.IsRecovery ? "recovered" : told.IsOfNoData ? "fired: no data" : "fired";
        var value = told.Found.Value is { } found ? AlertWords.Value(found) : "";
        var against = told.IsRecovery ? "" : $"{told.Found.Against}";
        _table.AddRow(AlertJson.Instant(told.At), what, value, $"{told.Found.Count}", against, told.Breach);
    }
}
