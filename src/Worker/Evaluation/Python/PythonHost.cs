using System.Buffers.Binary;
using System.Text.Json;

namespace Worker.Evaluation.Python;

/// <summary>
/// One host.py. It makes one call at a time, each in a child of its own. It ends with this process, however that ends.
/// </summary>
internal sealed class PythonHost : IDisposable
{
    /// <summary>A machine may be busy; a host that answers later than this does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int ReplyBytes = 20;

    private readonly PythonProcess _process;
    private readonly TimeProvider _time;

    private PythonHost(PythonProcess process, TimeProvider time) => (_process, _time) = (process, time);

    /// <summary>As the host says it.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The kernel's version of Landlock; 0 where there is none, and where the fence is not strict.</summary>
    public int Landlock { get; private set; }

    public int ProcessId => _process.Id;

    public bool IsAlive => _process.IsAlive;

    /// <summary>Throws <see cref="EvaluatorPausedException"/> where there is no Python, or no fence.</summary>
    public static async Task<PythonHost> StartAsync(
        PythonOptions options, string scripts, TimeProvider time, CancellationToken cancellationToken)
    {
        var host = new PythonHost(PythonProcess.Start(options, scripts), time);
        try
        {
            await host.GreetAsync(options, cancellationToken);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Throws <see cref="TransientCallException"/> where the host ends, or does not answer; then, and where the call is
    /// cancelled, the host is of no more use.
    /// </summary>
    public async Task<PythonReply> CallAsync(PythonRequest request, CancellationToken cancellationToken)
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
                    ? $"The Python host did not answer within {request.Timeout + Patience}."
                    : $"The Python host ended during the call: {await _process.LastWordsAsync(Patience, _time)}",
                innerException: exception);
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task GreetAsync(PythonOptions options, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(Patience + Patience, _time);
        var line = await _process.BoundedAsync(_process.Output.ReadLineAsync, clock.Token, cancellationToken);
        if (line is null)
            throw new EvaluatorPausedException(
                $"Python was started as \"{options.Path}\", but is not ready: " +
                $"{await _process.LastWordsAsync(Patience, _time)} " +
                "It has to be an interpreter, 3.9 or newer, with its whole standard library.");

        var hello = JsonElement.Parse(line);
        if (hello.TryGetProperty("fault", out var fault))
            throw new EvaluatorPausedException(fault.GetString()!);
        var missing = hello.GetProperty("missing").EnumerateArray().Select(each => each.GetString()).ToList();
        if (missing.Count > 0)
            throw new EvaluatorPausedException(
                $"This system cannot fence Python code as Evaluation:Python:Fence={options.FenceName} asks: " +
                $"{string.Join("; ", missing)}. Allow the worker seccomp and no_new_privs, as container engines do " +
                "by default, or accept less with Evaluation:Python:Fence=limits.");
        Version = hello.GetProperty("python").GetString()!;
        Landlock = hello.GetProperty("landlock").GetInt32();
    }

    private async Task<PythonReply> ExchangeAsync(PythonRequest request)
    {
        await _process.Input.WriteAsync(request.Head());
        await _process.Input.WriteAsync(request.Log);
        await _process.Input.FlushAsync();

        var head = await ReadAsync(ReplyBytes);
        if (!head.AsSpan(0, 4).SequenceEqual("ans!"u8))
            throw new InvalidDataException("What the host sent is no reply.");
        var output = await ReadAsync(Number(head, 3));
        var result = await ReadAsync(Number(head, 4));
        return new((PythonOutcome)Number(head, 1), Number(head, 2), output, result);
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
