using System.Buffers.Binary;
using System.Text.Json;

namespace Worker.Evaluation.Hosts;

/// <summary>
/// One host. It makes one call at a time, each in a child of its own. It ends with this process, however that ends.
/// </summary>
internal sealed class CodeHost : IDisposable
{
    /// <summary>A machine may be busy; a host that answers later than this does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int ReplyBytes = 20;

    private readonly ICodeLanguage _language;
    private readonly HostProcess _process;
    private readonly TimeProvider _time;

    private CodeHost(ICodeLanguage language, HostProcess process, TimeProvider time)
    {
        _language = language;
        _process = process;
        _time = time;
    }

    /// <summary>As the host says it.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The kernel's version of Landlock; 0 where the fence has nothing of it.</summary>
    public int Landlock { get; private set; }

    public int ProcessId => _process.Id;

    public bool IsAlive => _process.IsAlive;

    /// <summary>Throws <see cref="EvaluatorPausedException"/> where there is no such host, or no fence.</summary>
    public static async Task<CodeHost> StartAsync(
        ICodeLanguage language, TimeProvider time, CancellationToken cancellationToken)
    {
        var host = new CodeHost(language, HostProcess.Start(language), time);
        try
        {
            await host.GreetAsync(cancellationToken);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Null where the host had ended before it took the call. Throws <see cref="TransientCallException"/> where it ends
    /// later, or does not answer. Then, and where the call is cancelled, the host is of no more use.
    /// </summary>
    public async Task<CodeReply?> CallAsync(CodeRequest request, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(request.Timeout + Patience, _time);
        try
        {
            return await _process.BoundedAsync(() => ExchangeAsync(request), clock.Token, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new TransientCallException(
                clock.IsCancellationRequested
                    ? $"The {_language.Name} host did not answer within {request.Timeout + Patience}."
                    : $"The {_language.Name} host ended during the call: " +
                        await _process.LastWordsAsync(Patience, _time),
                innerException: exception);
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(Patience + Patience, _time);
        var line = await _process.BoundedAsync(_process.Output.ReadLineAsync, clock.Token, cancellationToken);
        if (line is null)
            throw new EvaluatorPausedException(
                _language.IsNotReady(await _process.LastWordsAsync(Patience, _time)));

        var hello = JsonElement.Parse(line);
        if (hello.TryGetProperty("fault", out var fault))
            throw new EvaluatorPausedException(fault.GetString()!);
        var missing = hello.GetProperty("missing").EnumerateArray().Select(each => each.GetString()).ToList();
        if (missing.Count > 0)
            throw new EvaluatorPausedException(
                $"This system cannot fence {_language.Name} code as {_language.Section}:Fence=" +
                $"{_language.Options.FenceName} asks: " +
                $"{string.Join("; ", missing)}. Allow the worker seccomp and no_new_privs, as container engines do " +
                $"by default, or accept less with {_language.Section}:Fence=limits.");
        Version = hello.GetProperty("version").GetString()!;
        Landlock = hello.GetProperty("landlock").GetInt32();
    }

    private async Task<CodeReply?> ExchangeAsync(CodeRequest request)
    {
        if (!await WasTakenAsync(request))
            return null;

        var head = await ReadAsync(ReplyBytes);
        if (!head.AsSpan(0, 4).SequenceEqual("ans!"u8))
            throw new InvalidDataException("What the host sent is no reply.");
        var output = await ReadAsync(Number(head, 3));
        var result = await ReadAsync(Number(head, 4));
        return new((CodeOutcome)Number(head, 1), Number(head, 2), output, result);
    }

    /// <summary>False where nobody reads any more: no code was called before all of the request was read.</summary>
    private async Task<bool> WasTakenAsync(CodeRequest request)
    {
        try
        {
            await _process.Input.WriteAsync(request.Head());
            await _process.Input.WriteAsync(request.Log);
            await _process.Input.FlushAsync();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int Number(byte[] head, int index) =>
        BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(sizeof(int) * index));

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _process.Output.BaseStream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
