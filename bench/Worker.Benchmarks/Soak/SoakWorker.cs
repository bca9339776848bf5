using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// <c>worker run</c> in a process of its own, which is killed or stopped and begun again; what each life took and said
/// is kept. Safe to use from several tasks.
/// </summary>
internal sealed class SoakWorker : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly StreamWriter _heard;
    private readonly List<Samples> _lives = [];
    private readonly List<WorkerAccount> _accounts = [];
    private Process _process = null!;
    private Task _hearing = Task.CompletedTask;
    private WorkerAccount? _account;

    /// <param name="heard">The file that takes all it says.</param>
    public SoakWorker(string name, IReadOnlyDictionary<string, string> settings, string heard)
    {
        Name = name;
        _settings = settings;
        _heard = new StreamWriter(heard) { AutoFlush = true };
        Start();
    }

    public string Name { get; }

    public IReadOnlyList<Samples> Lives => _lives;

    /// <summary>What it said when it was stopped, each time.</summary>
    public IReadOnlyList<WorkerAccount> Accounts => _accounts;

    public async Task KillAsync(TimeSpan away, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _process.Kill();
            await EndedAsync();
            await Task.Delay(away, cancellationToken);
            Start();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// SIGTERM, as an operator stops it. It has to end well and to have accounted for what it received.
    /// </summary>
    /// <returns>What was not so, as sentences.</returns>
    public async Task<IReadOnlyList<string>> StopAsync(bool again, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _account = null;
            _ = Signal(_process.Id, SigTerm);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StopLimit);
            List<string> faults = [];
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                faults.Add($"{Name} had not stopped {StopLimit.TotalSeconds} s after SIGTERM, and was killed.");
                _process.Kill();
            }

            await EndedAsync();
            if (faults.Count == 0)
                faults.AddRange(Faults());
            if (again)
                Start();
            return faults;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes a sample; one that has ended by itself is begun again.</summary>
    /// <returns>Null, or a sentence where it had ended.</returns>
    public async Task<string?> LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_process.HasExited)
            {
                Sample();
                return null;
            }

            await EndedAsync();
            var fault = $"{Name} ended by itself with code {_process.ExitCode}.";
            Start();
            return fault;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await EndedAsync();
        _process.Dispose();
        await _heard.DisposeAsync();
        _turn.Dispose();
    }

    private void Start()
    {
        _process?.Dispose();
        _process = Process.Start(SoakProgram.Info(["run"], _settings))!;
        _process.StandardInput.Close();
        _lives.Add(new Samples());
        _hearing = Task.WhenAll(HearAsync(_process.StandardOutput), HearAsync(_process.StandardError));
    }

    private async Task EndedAsync()
    {
        await _process.WaitForExitAsync();
        await _hearing;
    }

    private IEnumerable<string> Faults()
    {
        if (_process.ExitCode != 0)
            yield return $"{Name} was stopped and ended with code {_process.ExitCode}.";
        if (_account is null)
        {
            yield return $"{Name} stopped without an account of its messages.";
            yield break;
        }

        _accounts.Add(_account);
        if (!_account.Balances)
            yield return $"{Name} stopped with an account that does not balance: {_account.Text}.";
    }

    private void Sample()
    {
        try
        {
            _process.Refresh();
            var handles = $"/proc/{_process.Id}/fd" is var open && Directory.Exists(open)
                ? Directory.EnumerateFileSystemEntries(open).Count()
                : _process.HandleCount;
            _lives[^1].Add(_process.WorkingSet64 / 1e6, handles);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It ends just now.
        }
    }

    private async Task HearAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (_heard)
                _heard.WriteLine(line);
            _account = WorkerAccount.Find(line) ?? _account;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
