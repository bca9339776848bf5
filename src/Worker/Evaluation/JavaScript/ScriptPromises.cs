using Jint;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace Worker.Evaluation.JavaScript;

/// <summary>Looks into promises, with what it took from the engine before the code could change it.</summary>
internal sealed class ScriptPromises(Engine engine)
{
    private readonly JsValue _then = engine.Evaluate("Promise.prototype.then");

    /// <summary>
    /// Nothing comes later here: what is not settled when all tasks have run never is, and stays a promise. Throws what
    /// it was rejected with.
    /// </summary>
    public JsValue Settled(JsValue answered)
    {
        if (!answered.IsPromise())
            return answered;
        JsValue? kept = null, rejected = null;
        var whenKept = new ClrFunction(engine, "", (_, values) => kept = values[0]);
        var whenRejected = new ClrFunction(engine, "", (_, values) => rejected = values[0]);
        engine.Call(_then, answered, [whenKept, whenRejected]);
        engine.Advanced.ProcessTasks();
        return rejected is null ? kept ?? answered : throw new JavaScriptException(rejected);
    }
}
