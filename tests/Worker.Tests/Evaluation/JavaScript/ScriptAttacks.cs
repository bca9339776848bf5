namespace Worker.Tests.Evaluation.JavaScript;

internal static class ScriptAttacks
{
    private const double Short = 0.5;
    private const string TooDeep = "too deep";
    private const string TooMuch = "The code needs more memory than Evaluation:JavaScript:MemoryMiB allows: 64 MiB.";
    private const string TooLong = "The code was ended after 0.5 s, its timeout.";
    private const string StackSize = "Maximum call stack size exceeded";

    public static readonly IReadOnlyDictionary<string, ScriptAttack> All =
        OnTime().Concat(OnMemory()).Concat(OnTheStack()).Concat(OnAnswers()).Concat(OnTheRuntime())
            .ToDictionary(each => each.Name, StringComparer.Ordinal);

    private static IEnumerable<ScriptAttack> OnTime() =>
    [
        new("a loop without end", "log => { while (true) {} }", TooLong, Short),
        new("a loop that catches all", "log => { while (true) { try { for (;;) {} } catch {} } }", TooLong, Short),
        new("a loop before the function", "while (true) {}\nfunction f(log) {}", TooLong, Short),
        new("a catastrophic regex", "log => /^(a+)+$/.test('a'.repeat(64) + 'b')", TooLong, Short),
        new("a catastrophic regex of later years", "log => /^(?<=x?)(\\w+\\s?)+$/u.test('a'.repeat(64) + '!')", TooLong, Short),
        new("a number that grows", "log => { let b = 3n; for (;;) b *= b; }", "", 2),
        new("a generator without end", "log => [...(function* () { for (;;) yield; })()]", "", 5),
        new("tasks without end", "async log => { for (;;) await null; }", TooLong, Short),
        new("a promise that never settles", "log => new Promise(() => {})", "a promise that nothing settles"),
        new("an await of what never comes", "async log => { await new Promise(() => {}); }", "a promise that nothing settles"),
        new("a wait", "log => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", "Atomics.wait"),
        new("a wait for other agents", "log => { Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 1e9).value.then; for (;;) {} }", "", Short),
        new("an error that takes for ever to say", "log => { throw { toString() { for (;;) {} } } }", TooLong, Short),
        new("a sort that never agrees", "log => { const a = Array(1e4).fill(0); for (;;) a.sort(() => Math.random() - 0.5); }", TooLong, Short),
    ];

    private static IEnumerable<ScriptAttack> OnMemory() =>
    [
        new("arrays piece by piece", "log => { const a = []; for (;;) a.push(new Array(100000).fill(1)); }", TooMuch),
        new("a text that grows", "log => { let s = 'ab'; for (;;) s += s + '.'; }", ""),
        new("a text at once", "log => 'x'.repeat(2 ** 28).split('').length", ""),
        new("a typed array at once", "log => new Uint8Array(2 ** 31 - 1).fill(1).length", "allocation failed"),
        new("typed arrays piece by piece", "log => { const a = []; for (;;) a.push(new Float64Array(1e6).fill(1)); }", ""),
        new("objects without end", "log => { const a = {}; for (let i = 0; ; i++) a['k' + i] = { i }; }", TooMuch),
        new("a long array", "log => new Array(2 ** 32 - 1).fill(0)", "", 5),
        new("a join of much", "log => Array(2 ** 26).join('xxxxxxxxxx').length > 0 && 'out'", ""),
    ];

    private static IEnumerable<ScriptAttack> OnTheStack() =>
    [
        new("a function in itself", "function f(log) { return f(log); }", TooDeep),
        new("two functions in each other", "const g = () => f(), f = () => g()", TooDeep),
        new("a recursion that catches", "const f = log => { try { f() } catch { f() } }", ""),
        new("a text of itself", "log => '' + { toString() { return '' + this } }", StackSize),
        new("a getter of itself", "log => ({ get a() { return this.a } }).a", TooDeep),
        new("a constructor in itself", "class A { constructor() { new A() } }\nfunction f(log) { new A() }", ""),
        new("a proxy that reads its receiver", "log => { const p = new Proxy({}, { get(t, k, r) { return r[k] } }); return p.x }", ""),
        new("JSON of what is nested deep", "log => { let a = []; for (let i = 0; i < 200000; i++) a = [a]; return JSON.stringify(a) }", ""),
        new("JSON that nests deep", "log => JSON.parse('['.repeat(1e6))", "depth"),
        new("an array flattened deep", "log => { let a = []; for (let i = 0; i < 200000; i++) a = [a]; return a.flat(Infinity) && 'out' }", ""),
        new("code nested too deep", $"log => {new string('(', 20000)}1{new string(')', 20000)}", ""),
    ];

    private static IEnumerable<ScriptAttack> OnAnswers() =>
    [
        new("console.log without end", "log => { for (;;) console.log('x'.repeat(1000)) }", "it printed more than 65536 bytes"),
        new("console.log of a cycle", "log => { const a = {}; a.a = a; console.log(a); }", "cyclic"),
        new("a huge result", "log => 'x'.repeat(1e6)", "The judgment and its reason are larger than 65536 bytes"),
        new("a huge reason", "log => [true, 'x'.repeat(1e6)]", "The judgment and its reason are larger than 65536 bytes"),
        new("a huge error", "log => { throw new Error('x'.repeat(1e6)) }", "Error: xxx"),
        new("a result with getters", "log => { const a = [1, 2]; Object.defineProperty(a, 0, { get() { throw 1 } }); return a }", "1 was thrown"),
        new("a proxy as a result", "log => new Proxy([], { get() { throw null } })", "f"),
        new("null thrown", "log => { throw null }", "null was thrown."),
        new("undefined thrown", "log => { throw undefined }", "undefined was thrown."),
        new("a symbol thrown", "log => { throw Symbol('s') }", "Symbol(s) was thrown."),
        new("an object thrown whose text throws", "log => { throw { toString() { throw 2 } } }", "cannot be told"),
        new("an error whose message throws", "log => { throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } }) }", "cannot be told"),
        new("the protocol spoken", "log => { console.log('ans!\\0\\0\\0\\0\\0\\0\\0\\0'); return {} }", "an object"),
        new("a rejection", "async log => { throw new TypeError('no') }", "TypeError: no"),
    ];

    private static IEnumerable<ScriptAttack> OnTheRuntime() =>
    [
        new("a namespace of .NET", "log => importNamespace('System').IO.File.ReadAllText('/etc/passwd')", "importNamespace is not defined"),
        new("System", "log => System.IO.File.ReadAllText('/etc/passwd')", "System is not defined"),
        new("clr", "log => clr.System", "clr is not defined"),
        new("the type of a host's function", "log => console.log.GetType().Assembly.GetName()", "TypeError"),
        new("the target of a host's function", "log => console.log.Target.constructor", "TypeError"),
        new("require", "log => require('fs')", "require is not defined"),
        new("import", "async log => (await import('fs')) && 'out'", ""),
        new("process", "log => process.env", "process is not defined"),
        new("fetch", "log => fetch('http://127.0.0.1')", "fetch is not defined"),
        new("eval", "log => eval('\"out\"')", "String compilation has been disabled"),
        new("the constructor of functions", "log => log.constructor.constructor('return \"out\"')()", "String compilation has been disabled"),
        new("the constructor of generators", "log => Object.getPrototypeOf(function* () {}).constructor('return \"out\"')().next().value", "String compilation has been disabled"),
        new("the caller", "function f(log) { return f.caller.arguments && 'out' }", ""),
        new("a shadow realm", "log => new ShadowRealm().evaluate('\"out\"')", ""),
    ];
}
