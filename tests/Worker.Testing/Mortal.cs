using System.Reflection;

namespace Worker.Testing;

/// <summary>A port of a worker that is killed before some call: that one does nothing, and none after it.</summary>
public class Mortal<T> : DispatchProxy
    where T : class
{
    private T _port = null!;
    private Life _life = null!;

    internal static T Of(T port, Life life)
    {
        var mortal = Create<T, Mortal<T>>();
        (((Mortal<T>)(object)mortal)._port, ((Mortal<T>)(object)mortal)._life) = (port, life);
        return mortal;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _life.Spend();
        return targetMethod!.Invoke(_port, args);
    }
}
