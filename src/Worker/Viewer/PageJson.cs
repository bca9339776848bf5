using System.Text.Encodings.Web;
using System.Text.Json;

namespace Worker.Viewer;

/// <summary>
/// How what the page reads is written: it is never put into markup, so quotes need no escapes for that.
/// </summary>
internal static class PageJson
{
    public static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = int.MaxValue,
    };
}
