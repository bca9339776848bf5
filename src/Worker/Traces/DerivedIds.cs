using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Worker.Traces;

/// <summary>
/// Ids that whoever computes them computes alike: SHA-256 over the RFC 8785 form of a JSON array that begins with what
/// it identifies; lower hex, first 32 characters, behind a prefix. Golden vectors are in the tests, reproduced in
/// JavaScript and Python.
/// </summary>
internal static class DerivedIds
{
    private const string ConversationPrefix = "conv_";

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// <c>tl_…</c>, <c>fl_…</c>, <c>pr_…</c> or <c>ev_…</c> of <c>["file", kind, path]</c>. The path is normalised:
    /// NFC, no slash at either end.
    /// </summary>
    public static string File(LogKind kind, string path) =>
        FilePrefix(kind) + "_" + Hash(
            "file", JsonValue.FromText(kind.WireName()), JsonValue.FromText(NormalPath(path)));

    /// <summary>
    /// <c>tlv_…</c>, <c>flv_…</c>, <c>prv_…</c> or <c>evv_…</c> of <c>["version", file id, details]</c>, the details
    /// normalised (see <c>VersionDetails</c>).
    /// </summary>
    public static string Version(LogKind kind, string fileId, JsonValue normalDetails) =>
        FilePrefix(kind) + "v_" + Hash("version", JsonValue.FromText(fileId), normalDetails);

    /// <summary><c>log_…</c> of <c>["log", body hash]</c>: a Log that nothing else names.</summary>
    public static string LogOfBody(string bodyHash) => "log_" + Hash("log", JsonValue.FromText(bodyHash));

    /// <summary>
    /// <c>log_…</c> of <c>["request", key or null, kind, name]</c>: a request that its client has named.
    /// </summary>
    public static string LogOfRequest(string? keyId, MessageKind kind, string name) => "log_" + Hash(
        "request",
        keyId is null ? JsonValue.Parse("null") : JsonValue.FromText(keyId),
        JsonValue.FromText(kind.WireName()),
        JsonValue.FromText(name));

    /// <summary><c>log_…</c> of <c>["span", trace, span]</c>, both ids in lower hex.</summary>
    public static string LogOfSpan(string traceId, string spanId) =>
        "log_" + Hash("span", JsonValue.FromText(traceId), JsonValue.FromText(spanId));

    /// <summary><c>conv_…</c> of <c>["conversation", path, key]</c>: the Flow's path, normalised.</summary>
    public static string Conversation(string flow, string key) => ConversationPrefix + Hash(
        "conversation", JsonValue.FromText(NormalPath(flow)), JsonValue.FromText(key));

    /// <summary>Whether it is an id that <see cref="Conversation"/> makes.</summary>
    public static bool IsConversation(string logId) =>
        logId.Length == ConversationPrefix.Length + 32
        && logId.StartsWith(ConversationPrefix, StringComparison.Ordinal)
        && logId.AsSpan(ConversationPrefix.Length).IndexOfAnyExcept(LowerHex) < 0;

    /// <summary><c>log_…</c> of <c>["evaluator_log", log, revision, evaluator, version]</c>.</summary>
    public static string EvaluatorLog(string logId, int revision, string evaluatorId, string evaluatorVersionId) =>
        "log_" + Hash(
            "evaluator_log",
            JsonValue.FromText(logId),
            JsonValue.Parse(revision.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            JsonValue.FromText(evaluatorId),
            JsonValue.FromText(evaluatorVersionId));

    /// <summary>
    /// <c>log_…</c> of <c>["review", log, evaluator, person]</c>: what somebody says in the viewer, and says again.
    /// </summary>
    public static string Review(string logId, string evaluatorId, string person) => "log_" + Hash(
        "review", JsonValue.FromText(logId), JsonValue.FromText(evaluatorId), JsonValue.FromText(person));

    /// <summary>32 hex digits of <c>["dead_letter", kind or null, body hash, reason]</c>.</summary>
    public static string DeadLetter(string? kind, string bodyHash, string reason) =>
        Hash(
            "dead_letter",
            kind is null ? JsonValue.Parse("null") : JsonValue.FromText(kind),
            JsonValue.FromText(bodyHash),
            JsonValue.FromText(reason));

    /// <summary><c>alert_…</c> of <c>["alert", name, when it began]</c>, that in milliseconds: one breach.</summary>
    public static string Breach(string alert, long milliseconds) => "alert_" + Hash(
        "alert",
        JsonValue.FromText(alert),
        JsonValue.Parse(milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The saga's key: the first 16 bytes of the SHA-256 of <c>["run", log]</c>, big-endian.</summary>
    public static Guid Run(string logId) =>
        new(Convert.FromHexString(Hash("run", JsonValue.FromText(logId))), bigEndian: true);

    /// <summary>NFC, without slashes at either end.</summary>
    public static string NormalPath(string path) => Nfc.Of(path).Trim('/');

    private static string FilePrefix(LogKind kind) => kind switch
    {
        LogKind.Tool => "tl",
        LogKind.Flow => "fl",
        LogKind.Prompt => "pr",
        LogKind.Evaluator => "ev",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string Hash(string identifies, params ReadOnlySpan<JsonValue> parts)
    {
        var array = new System.Buffers.ArrayBufferWriter<byte>(256);
        array.Write("[\""u8);
        array.Write(Encoding.ASCII.GetBytes(identifies));
        array.Write("\""u8);
        foreach (var part in parts)
        {
            array.Write(","u8);
            CanonicalJson.Write(part.Utf8, array);
        }

        array.Write("]"u8);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(array.WrittenSpan, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
