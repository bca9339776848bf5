using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Worker.Evaluation.JavaScript;

/// <summary>
/// Loads and compiles what calls need, once and for all children: behind the fence nothing can be loaded, and what is
/// compiled there is compiled again by the next call.
/// </summary>
internal static class WarmUp
{
    private const string Code =
        """
        class Shape { #size = 1; static of(size) { const it = new Shape(); it.#size = size; return it; }
          get size() { return this.#size; } }
        class Square extends Shape { area() { return super.size ** 2; } }
        function* numbers(to) { for (let i = 0; i < to; i++) yield i; }
        async function later(value) { await null; return value; }
        function helper(log) { return log.nothing.more; }
        function f(log) {
          const { output, trace_children: steps = [], ...rest } = log;
          const lengths = steps.map(step => (step.output ?? "").length)
            .filter(length => length >= 0).sort((a, b) => a - b);
          const mean = lengths.reduce((sum, each) => sum + each, 0) / (lengths.length || 1);
          const seen = new Map(), names = new Set([...numbers(3)]);
          for (const step of steps) seen.set(step.id, (seen.get(step.id) || 0) + 1);
          for (const key in rest) names.add(key);
          for (const [key, value] of Object.entries(rest)) names.add(`${key}=${JSON.stringify(value)}`);
          const words = String(output).toLowerCase().trim().split(/\s+/u).filter(Boolean);
          const found = /(?<year>\d{4})-(\d\d)/.exec("on 2026-01-02"), all = [..."a1b22".matchAll(/\d+/g)];
          const text = "Grüße, Welt".replace(/ü/gi, "ue").normalize("NFC").padEnd(20).slice(0, 8).localeCompare("b");
          let failed = ""; try { helper(log); } catch (error) { failed = `${error}` + error.stack; } finally { text; }
          let i = 0; while (true) { if (++i > 5) break;
            switch (i) { case 1: continue; default: do { } while (false); } }
          const dates = [new Date(0).toISOString(), Date.parse("2026-01-01T00:00:00Z"), Date.now()];
          const many = [Math.max(...[1, 2]), Math.round(1.5), (0.1 + 0.2).toFixed(2), parseInt("7", 10),
            Number("1e3"), 7n * 6n];
          const spread = { ...rest, a: [1, [2, [3]]].flat(Infinity), b: typeof many, c: [1, 2, 3].includes(2),
            d: "abc".at(-1) };
          new Uint8Array(8).fill(1); new WeakMap(); Symbol("s"); Reflect.ownKeys(spread); new Proxy({}, {});
          later(1).then(value => value); Promise.all([later(1)]);
          console.log("warm", spread, Shape.of(2).size, new Square().area(), null, undefined, 1.5);
          JSON.parse(JSON.stringify({ lengths, words, all, dates, found })); encodeURIComponent("ü"); isNaN(mean);
          delete spread.a; void 0; label: for (;;) { break label; }
          return [mean < 500 || failed.length > 0, `${lengths.length} steps`];
        }
        """;

    /// <summary>The ways in which a call can end.</summary>
    private static readonly string[] Small =
    [
        "function f(log) { return log.nothing.more }", "const f = async log => { throw new TypeError('x') }",
        "const f = log => 'text'", "function f(", "log => ['a', 'b']", "log => ({})", "log => NaN",
        "log => new Promise(() => {})", "log => { throw null }",
    ];

    public static void Run()
    {
        CompileOwn();
        LoadAll(typeof(Jint.Engine).Assembly, []);
        LoadAll(typeof(System.Text.Json.JsonSerializer).Assembly, []);
        _ = TimeZoneInfo.Local.BaseUtcOffset;
        var log = Encoding.UTF8.GetBytes(
            """
            {"id":"log_1","output":"It is on its way","n":[1,2.5,true,null],
             "trace_children":[{"id":"log_2","output":"a","trace_children":[]},{"id":"log_3","output":null}]}
            """);
        var nothing = Libc.Check(Libc.Open("/dev/null\0"u8.ToArray(), 1, 0), "open");
        for (var i = 0; i < 3; i++)
        {
            foreach (var code in (string[])[Code, .. Small])
                _ = Script.Answer("warm-up", code, log, nothing);
        }

        _ = Libc.Close(nothing);
    }

    /// <summary>What runs in children alone, too, which never ran here.</summary>
    private static void CompileOwn()
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.Instance | BindingFlags.Static;
        var own = typeof(WarmUp).Namespace;
        foreach (var type in typeof(WarmUp).Assembly.GetTypes().Where(type => type.Namespace == own))
        {
            foreach (var method in type.GetMembers(All).OfType<MethodBase>())
            {
                if (!method.IsAbstract && !method.ContainsGenericParameters)
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }

    private static void LoadAll(Assembly assembly, HashSet<string> seen)
    {
        foreach (var name in assembly.GetReferencedAssemblies())
        {
            if (seen.Add(name.FullName))
                LoadAll(Assembly.Load(name), seen);
        }
    }
}
