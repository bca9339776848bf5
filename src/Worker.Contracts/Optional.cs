using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A field of an <i>Updated</i> message: absent (the default; not written; what stands is kept), or a value, where null
/// is written as <c>null</c> and unsets what stands. A plain value converts by itself: <c>Output = "42"</c>, <c>Error =
/// null</c>.
/// </summary>
/// <typeparam name="T">The field's type, nullable where the field may be unset.</typeparam>
[JsonConverter(typeof(OptionalConverterFactory))]
public readonly record struct Optional<T>
{
    /// <summary>A value to write, null included.</summary>
    public Optional(T value)
    {
        Value = value;
        HasValue = true;
    }

    /// <summary>True when the field is written.</summary>
    public bool HasValue { get; }

    /// <summary>What is written; the type's default when absent.</summary>
    public T? Value { get; }

    /// <summary>A value is present once it is given.</summary>
    public static implicit operator Optional<T>(T value) => new(value);
}
