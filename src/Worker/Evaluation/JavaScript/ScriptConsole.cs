using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Error;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime.Interop;

namespace Worker.Evaluation.JavaScript;

/// <summary>What a script says by <c>console</c> is its output: lines of texts as they are, and of JSON.</summary>
internal static class ScriptConsole
{
    private static readonly string[] Names = ["log", "info", "debug", "warn", "error"];

    public static void AddTo(Engine engine, int output)
    {
        var console = new JsObject(engine);
        foreach (var name in Names)
            console.Set(name, new ClrFunction(engine, name, (_, values) => Write(engine, values, output)));
        engine.SetValue("console", console);
    }

    private static JsValue Write(Engine engine, JsValue[] values, int output)
    {
        var line = string.Join(' ', values.Select(value => Text(engine, value))) + '\n';
        Descriptors.Write(output, Encoding.UTF8.GetBytes(line));
        return JsValue.Undefined;
    }

    private static string Text(Engine engine, JsValue value) => value is ObjectInstance and not ErrorInstance
        && new JsonSerializer(engine).Serialize(value) is JsString json
            ? json.ToString()
            : value.ToString();
}
