using Spectre.Console;

namespace Worker.Commands;

/// <summary>How far an import or export is, on a terminal.</summary>
internal static class TransferProgress
{
    public static async Task ShowAsync<T>(
        Terminal terminal, string what, Func<T, string> inWords, Func<Action<T>, Task> work)
    {
        if (!terminal.ErrorIsTerminal)
        {
            await work(_ => { });
            return;
        }

        await terminal.AnsiError.Status().StartAsync(
            what, status => work(now => status.Status(PlainText.ForTerminal($"{what}: {inWords(now)}"))));
    }
}
