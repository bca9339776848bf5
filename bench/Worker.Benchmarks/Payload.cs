using System.Globalization;
using System.Text;

namespace Worker.Benchmarks;

/// <summary>
/// Traces of ten Logs as an SDK sends them: nine Tool Logs under one Flow Log, each body 800 bytes of JSON, ids random
/// or ordered by time.
/// </summary>
/// <param name="bytes">Of each body but the completions'.</param>
internal sealed class Payload(bool timeOrderedIds, int seed = 1, int bytes = Payload.Bytes)
{
    public const int LogsPerTrace = 10;
    public const int Bytes = 800;

    private static readonly DateTimeOffset Begin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Random _random = new(seed);
    private long _count;

    /// <summary>The Logs of one trace, the Flow Log first; not completed.</summary>
    public IReadOnlyList<(string Type, byte[] Body)> Trace(out string flowId)
    {
        flowId = NextId();
        return [Head(flowId), .. Children(flowId, LogsPerTrace - 1)];
    }

    public (string Type, byte[] Body) Head(string flowId) => ("flow.logged", Flow(flowId));

    public IEnumerable<(string Type, byte[] Body)> Children(string flowId, int count) =>
        Enumerable.Range(1, count).Select(tool => ("tool.logged", Tool(flowId, tool)));

    /// <summary>A Tool Log that nobody has named: by HTTP, where the front does.</summary>
    public byte[] Unnamed()
    {
        var named = Encoding.UTF8.GetString(Tool(NextId(), 1));
        return Encoding.UTF8.GetBytes("{" + named[(named.IndexOf(',', StringComparison.Ordinal) + 1)..]);
    }

    public static (string Type, byte[] Body) Completion(string flowId) =>
        ("flow.log.updated", Encoding.UTF8.GetBytes($$"""{"log_id":"{{flowId}}","trace_status":"complete","output":"It is on its way.","sent_at":"{{Moment(600)}}"}"""));

    private byte[] Flow(string id) =>
        Padded($$"""{"log_id":"{{id}}","path":"support/answer","sent_at":"{{Moment(0)}}","start_time":"{{Moment(0)}}","inputs":{"question":"Where is my order?"},"user":"user-17","metadata":{"note":"PADDING"} }""");

    private byte[] Tool(string flowId, int tool) =>
        Padded($$$"""{"log_id":"{{{NextId()}}}","trace_parent_id":"{{{flowId}}}","path":"support/look up {{{tool}}}","sent_at":"{{{Moment(tool)}}}","start_time":"{{{Moment(tool)}}}","end_time":"{{{Moment(tool + 1)}}}","inputs":{"order":{{{tool}}},"note":"PADDING"},"output":"{\"state\":\"shipped\"}","tool":{"function":{"name":"look_up","description":"Looks up an order","parameters":{"type":"object","properties":{"order":{"type":"integer"} } } } } }""");

    private static string Moment(int seconds) =>
        Begin.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private byte[] Padded(string body)
    {
        var padding = new string('x', Math.Max(0, bytes - body.Length + "PADDING".Length));
        return Encoding.UTF8.GetBytes(body.Replace("PADDING", padding, StringComparison.Ordinal));
    }

    private string NextId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        if (!timeOrderedIds)
            return new Guid(bytes).ToString();
        return Guid.CreateVersion7(Begin.AddMilliseconds(_count++)).ToString()[..18] + new Guid(bytes).ToString()[18..];
    }
}
