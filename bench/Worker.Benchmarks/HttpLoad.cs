using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Worker.Benchmarks;

/// <summary>
/// A client on one connection that costs next to nothing: what is measured is to be the front, on the same cores.
/// </summary>
internal static class HttpLoad
{
    /// <returns>
    /// How long each answer took, in milliseconds. Throws <see cref="InvalidOperationException"/> at one that is not
    /// 200.
    /// </returns>
    public static async Task<List<double>> RunAsync(
        Uri server, string path, byte[] body, long until, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        var (latencies, answer) = (new List<double>(), new byte[64 * 1024]);
        var request = Request(server, path, body);
        while (Stopwatch.GetTimestamp() < until)
        {
            var began = Stopwatch.GetTimestamp();
            await socket.SendAsync(request, cancellationToken);
            await AnswerAsync(socket, answer, cancellationToken);
            latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return latencies;
    }

    private static byte[] Request(Uri server, string path, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    private static async Task AnswerAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        var read = 0;
        while (true)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            read += more;
            var text = buffer.AsSpan(0, read);
            if (text.IndexOf("\r\n\r\n"u8) is >= 0 and var end && read >= end + 4 + Length(text[..end]))
            {
                if (!text.StartsWith("HTTP/1.1 200 "u8))
                    throw new InvalidOperationException($"The front answered {Encoding.UTF8.GetString(text)}");
                return;
            }

            if (more == 0)
                throw new InvalidOperationException("The front closed the connection.");
        }
    }

    private static int Length(ReadOnlySpan<byte> headers)
    {
        var name = "Content-Length: "u8;
        var rest = headers[(headers.IndexOf(name) + name.Length)..];
        return int.Parse(rest[..(rest.IndexOf((byte)'\r') is >= 0 and var end ? end : rest.Length)], CultureInfo.InvariantCulture);
    }
}
