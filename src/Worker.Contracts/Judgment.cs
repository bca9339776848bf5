using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// What a verdict says: true or false, a number, an option or a text, or several options. Written as the bare value.
/// Source: <c>judgment</c> of <c>POST /evaluators/log</c>.
/// </summary>
[JsonConverter(typeof(JudgmentConverter))]
public sealed record Judgment
{
    /// <summary>Of an Evaluator that returns <c>boolean</c>.</summary>
    public Judgment(bool value) => Value = value;

    /// <summary>
    /// Of an Evaluator that returns <c>number</c>. Throws where it is none (NaN) or infinite: JSON knows neither.
    /// </summary>
    public Judgment(double value) => Value = double.IsNaN(value) || double.IsInfinity(value)
        ? throw new ArgumentOutOfRangeException(nameof(value), value, "A judgment is a finite number.")
        : value;

    /// <summary>Of an Evaluator that returns <c>select</c> (the option's name) or <c>text</c>.</summary>
    public Judgment(string value) => Value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>Of an Evaluator that returns <c>multi_select</c>: the names of the options, none included.</summary>
    public Judgment(params string[] value) => Value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>A <see cref="bool"/>, a <see cref="double"/>, a <see cref="string"/> or an array of strings.</summary>
    public object Value { get; }

    /// <summary>A boolean is a judgment.</summary>
    public static implicit operator Judgment(bool value) => new(value);

    /// <summary>A number is a judgment.</summary>
    public static implicit operator Judgment(double value) => new(value);

    /// <summary>An option's name or a text is a judgment.</summary>
    public static implicit operator Judgment(string value) => new(value);

    /// <summary>The names of several options are a judgment.</summary>
    public static implicit operator Judgment(string[] value) => new(value);
}
