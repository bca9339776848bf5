namespace Worker.Traces;

/// <summary>
/// About how large Logs are: by the bytes of their values, of which almost all of a document consists.
/// </summary>
internal static class LogSize
{
    public static int Of(Log log)
    {
        var bytes = 0;
        foreach (var entry in log.Fields)
            bytes += entry.Value?.Utf8.Length ?? 0;
        return bytes;
    }
}
