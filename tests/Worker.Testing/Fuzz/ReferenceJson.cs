using System.Globalization;
using System.Numerics;
using System.Text;

namespace Worker.Testing.Fuzz;

/// <summary>
/// A JSON value as the contract means it, apart from the product's own code: of a name that occurs twice the last one
/// counts, numbers are equal as decimals, half a surrogate pair is U+FFFD, and what Python writes for no number is
/// null.
/// </summary>
internal sealed class ReferenceJson
{
    private readonly Lazy<string> _form;

    private ReferenceJson(ReferenceKind kind, Func<string> form) => (Kind, _form) = (kind, new(form));

    public static readonly ReferenceJson Null = new(ReferenceKind.Null, () => "null");

    /// <summary>What Python writes for no number.</summary>
    public static readonly ReferenceJson NonNumber = new(ReferenceKind.Null, () => "null");

    public ReferenceKind Kind { get; }

    /// <summary>The members of an object, by name.</summary>
    public IReadOnlyDictionary<string, ReferenceJson> Members { get; private init; } = new Dictionary<string, ReferenceJson>();

    /// <summary>The items of an array.</summary>
    public IReadOnlyList<ReferenceJson> Items { get; private init; } = [];

    /// <summary>The text of a string, or the spelling of a number.</summary>
    public string Text { get; private init; } = "";

    /// <summary>One text for all that are equal.</summary>
    public string Form => _form.Value;

    /// <summary>The member of that name; null where there is none.</summary>
    public ReferenceJson? this[string name] => Members.GetValueOrDefault(name);

    public static ReferenceJson Boolean(bool value) => new(ReferenceKind.Boolean, () => value ? "true" : "false");

    public static ReferenceJson String(string text)
    {
        var whole = WithoutHalfPairs(text);
        return new(ReferenceKind.String, () => $"s{whole.Length}:{whole}") { Text = whole };
    }

    public static ReferenceJson Number(string spelling) =>
        new(ReferenceKind.Number, () => DecimalOf(spelling)) { Text = spelling };

    public static ReferenceJson Array(IReadOnlyList<ReferenceJson> items) =>
        new(ReferenceKind.Array, () => $"[{string.Join(',', items.Select(item => item.Form))}]") { Items = items };

    public static ReferenceJson Object(IEnumerable<(string Name, ReferenceJson Value)> members)
    {
        var last = new SortedDictionary<string, ReferenceJson>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
            last[WithoutHalfPairs(name)] = value;
        return new(ReferenceKind.Object, () => $"{{{string.Join(',', last.Select(member => String(member.Key).Form + "=" + member.Value.Form))}}}") { Members = last };
    }

    /// <summary>What C#'s own encoder makes of half a pair.</summary>
    private static string WithoutHalfPairs(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string DecimalOf(string spelling)
    {
        var parts = spelling.ToLowerInvariant().Split('e');
        var exponent = parts.Length == 1
            ? BigInteger.Zero
            : BigInteger.Parse(parts[1].TrimStart('+'), CultureInfo.InvariantCulture);
        var mantissa = parts[0].TrimStart('-').Split('.');
        var digits = string.Concat(mantissa).TrimStart('0');
        exponent -= mantissa.Length == 1 ? 0 : mantissa[1].Length;
        var significant = digits.TrimEnd('0');
        exponent += digits.Length - significant.Length;
        return significant.Length == 0 ? "n0" : $"n{(spelling[0] == '-' ? "-" : "")}{significant}e{exponent}";
    }
}
