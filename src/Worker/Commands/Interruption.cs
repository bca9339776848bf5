using System.Runtime.InteropServices;

namespace Worker.Commands;

/// <summary>
/// Ctrl+C, SIGTERM and SIGQUIT: the first asks the command to end, and to say so. From the second on the system does
/// what it does by default: it ends a command that does not react.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT];

    private readonly CancellationTokenSource _asked = new();
    private readonly IReadOnlyList<PosixSignalRegistration> _registrations;

    public Interruption() =>
        _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, Ask))];

    public CancellationToken Token => _asked.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _asked.Dispose();
    }

    private void Ask(PosixSignalContext context)
    {
        if (_asked.IsCancellationRequested)
            return;
        context.Cancel = true;
        _asked.Cancel();
    }
}
