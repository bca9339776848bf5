using System.Buffers;
using System.Text;
using System.Text.Json;
using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;

namespace Worker.Evaluation.JavaScript;

/// <summary>
/// One call, inside the fence: runs the Evaluator's code, gives it the Log, and says what it answered. Its time and its
/// memory are bounded by who started it.
/// </summary>
internal static class Script
{
    /// <summary>Of JSON. No Log nests so deep, and the stack holds it.</summary>
    private const int MaxDepth = 2000;

    /// <summary>Of calls of one function in another.</summary>
    private const int MaxRecursion = 1000;

    /// <summary>The answer as JSON: a judgment and a reason, a pair of texts, or an error.</summary>
    /// <param name="output">A descriptor, for what the code says by <c>console</c>.</param>
    public static byte[] Answer(string path, string code, byte[] log, int output)
    {
        try
        {
            return Judge(path, code, log, output);
        }
        catch (OutOfMemoryException)
        {
            return "{\"memory\":true}"u8.ToArray();
        }
        catch (Exception failure)
        {
            return Error(ScriptErrors.Describe(failure));
        }
    }

    private static byte[] Judge(string path, string code, byte[] log, int output)
    {
        var script = Engine.PrepareScript(code, path, strict: true, Parsing);
        if (EntryPoint(script.Program!) is not { } name)
            return Error("The code defines no function; the last one that it defines is called with the Log.");
        using var engine = new Engine(Set);
        ScriptConsole.AddTo(engine, output);
        var promises = new ScriptPromises(engine);
        var last = engine.Evaluate(script);
        var function = name.Length == 0 ? last : engine.Evaluate(name);
        var answered = engine.Call(function, Read(engine, log));
        return Checked(promises.Settled(answered), name.Length == 0 ? "The function" : name);
    }

    private static ScriptPreparationOptions Parsing { get; } = new()
    {
        ParsingOptions = new() { CompileRegex = false, RegexTimeout = Timeout.InfiniteTimeSpan },
    };

    private static void Set(Options options)
    {
        options.Strict = true;
        options.Culture = System.Globalization.CultureInfo.InvariantCulture;
        options.TimeZone = TimeZoneInfo.Utc;
        options.AgentCanSuspend = false;
        options.Host.StringCompilationAllowed = false;
        options.Json.MaxParseDepth = MaxDepth;
        options.Constraints.StackOverflowGuard = true;
        options.Constraints.RegexTimeout = Timeout.InfiniteTimeSpan;
        options.Constraints.MaxRecursionDepth = MaxRecursion;
    }

    /// <summary>
    /// The name of the last function that is defined outside of others; "" where the code ends with one that has no
    /// name; null where there is none.
    /// </summary>
    private static string? EntryPoint(Acornima.Ast.Script script)
    {
        if (script.Body is [.., NonSpecialExpressionStatement { Expression: IFunction }])
            return "";
        string? name = null;
        foreach (var statement in script.Body)
        {
            name = statement switch
            {
                FunctionDeclaration { Id: { } id } => id.Name,
                VariableDeclaration declared => declared.Declarations
                    .Where(each => each is { Id: Identifier, Init: IFunction })
                    .Select(each => ((Identifier)each.Id).Name)
                    .LastOrDefault(name),
                _ => name,
            };
        }

        return name;
    }

    /// <summary>The Log. What is under it is there by both names that Evaluators know it by.</summary>
    private static JsValue Read(Engine engine, byte[] log)
    {
        var head = new JsonParser(engine, MaxDepth).Parse(log);
        var open = new Stack<JsValue>([head]);
        while (open.TryPop(out var each))
        {
            if (each is not ObjectInstance node || node.Get("trace_children") is not JsArray children)
                continue;
            node.Set("children", children);
            foreach (var child in children)
                open.Push(child);
        }

        return head;
    }

    private static byte[] Checked(JsValue answered, string function)
    {
        if (answered is not JsArray array)
            return Problem(answered) is { } problem ? Error($"{function} returned {problem}") : Said(answered, null);
        var items = array.ToArray();
        if (items is [JsString first, JsString second])
            return Written(json =>
            {
                json.WriteStartArray("pair");
                json.WriteStringValue(Utf8(first.ToString()));
                json.WriteStringValue(Utf8(second.ToString()));
                json.WriteEndArray();
            });
        if (items.All(each => each is JsString))
            return Said(array, null);
        if (items is not [var judgment, var reason] || reason is not (JsString or JsNull or JsUndefined))
            return Error(
                $"{function} returned an array that is neither [judgment, reason], the reason a text, nor all texts.");
        if (judgment is JsArray texts && texts.All(each => each is JsString))
            return Said(judgment, reason);
        return Problem(judgment) is { } fault ? Error($"{function} returned {fault}") : Said(judgment, reason);
    }

    private static string? Problem(JsValue judgment) => judgment switch
    {
        JsNull or JsUndefined or JsBoolean or JsString => null,
        JsNumber when double.IsFinite(judgment.AsNumber()) => null,
        JsNumber => "a number that is not finite; a finite one is accepted.",
        _ => $"{Named(judgment)}; a boolean, a number, a text, an array of texts or null is accepted.",
    };

    private static string Named(JsValue judgment) => judgment switch
    {
        JsArray => "an array",
        _ when judgment.IsPromise() => "a promise that nothing settles",
        Jint.Native.Function.Function => "a function",
        ObjectInstance => "an object",
        _ => $"a {judgment.Type.ToString().ToLowerInvariant()}",
    };

    private static byte[] Said(JsValue judgment, JsValue? reason) => Written(json =>
    {
        json.WritePropertyName("judgment");
        switch (judgment)
        {
            case JsBoolean:
                json.WriteBooleanValue(judgment.AsBoolean());
                break;
            case JsNumber:
                json.WriteNumberValue(judgment.AsNumber());
                break;
            case JsString:
                json.WriteStringValue(Utf8(judgment.ToString()));
                break;
            case JsArray texts:
                json.WriteStartArray();
                foreach (var each in texts)
                    json.WriteStringValue(Utf8(each.ToString()));
                json.WriteEndArray();
                break;
            default:
                json.WriteNullValue();
                break;
        }

        json.WritePropertyName("reason");
        if (reason is JsString said)
            json.WriteStringValue(Utf8(said.ToString()));
        else
            json.WriteNullValue();
    });

    private static byte[] Error(string sentence) => Written(json => json.WriteString("error"u8, Utf8(sentence)));

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Half a character of a script becomes U+FFFD.</summary>
    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
