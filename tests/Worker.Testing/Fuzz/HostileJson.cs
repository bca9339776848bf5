using FsCheck;
using FsCheck.Fluent;

namespace Worker.Testing.Fuzz;

/// <summary>
/// JSON text of values that somewhere, some day, somebody sends: well formed but for Python's words for no number.
/// </summary>
internal static class HostileJson
{
    private static readonly string[] Pieces =
    [
        "", "a", "b", "Zz", "0", " ", "é", "e\u0301", "漢字", "😀", "\\ud83d\\ude00", "\\ud800", "\\uDFFF", "\\udc00\\ud800", "\\ud83d", "\\u0000", "\\u001f",
        "\\n", "\\t", "\\\"", "\\\\", "\\/", "\\b\\f", "\ufffe", "\\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\u2028", "\u0085", "\u007f", "$", ".",
        "$set", "a.b", "NaN", "Infinity", "null", "{", "}", "[", "]", ",", ":", "//", "/", "..", "\u202e", "\ufeff", "\\uFEFF", "'", "<", "&", "%", "*", "[red]",
    ];

    private static readonly string[] Names =
    [
        "a", "a", "\\u0061", "b", "", "", "$a", "$set", "a.b", ".", "id", "_id", "$$ROOT", "merge", "stamps", "version", "name", "strict", "function",
        "parameters", "attributes", "save", "log_id", "\\u0000", "a\\u0000b", "\\ud800", "\\udfff", "\ufffe", "__proto__", "0",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "0.0", "-0.0e5", "1", "1.0", "10e-1", "1E0", "1e+0", "0.1", "0.10", "-1.50", "9007199254740993", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551616", "79228162514264337593543950335", "79228162514264337593543950336",
        "1e28", "1e29", "1e308", "1.7976931348623157e308", "1e309", "-1e400", "1e-400", "5e-324", "2.2250738585072014e-308", "1e6144", "9.999999999999999999999999999999999e6144",
        "1e6145", "1e-6176", "1e-6177", "1e99999", "1e2147483648", "1e-2147483649", "1e9223372036854775808", "1000e79228162514264337593543950335",
        "1e79228162514264337593543950336", "0e99999999999999999999999999999999999", "123456789012345678901234567890123456", "1.2345678901234567890123456789012345",
        "253402300799999", "253402300800000", "-62135596800000", "-62135596800001", "1e11", "99999999999.9", "1720478435.123456789", "1e15", "1e16",
    ];

    private static readonly string[] Words = ["null", "true", "false", "null", "NaN", "Infinity", "-Infinity"];

    private static readonly string[] White = ["", "", "", "", " ", "\n", "\t \r\n"];

    /// <summary>A string, with its quotes.</summary>
    public static readonly Gen<string> Text = Gen.Frequency(
        (12, Gen.ArrayOf(Gen.Elements(Pieces), 3).Select(pieces => $"\"{string.Concat(pieces)}\"")),
        (1, Gen.Choose(1, 3000).Select(length => $"\"{new string('x', length)}\"")),
        (1, Gen.Choose(0, 0x10FFFF).Select(code => $"\"{Character(code)}\"")));

    public static readonly Gen<string> Name = Gen.Frequency(
        (3, Gen.Elements(Names).Select(name => $"\"{name}\"")), (1, Text));

    public static readonly Gen<string> Number = Gen.Frequency(
        (6, Gen.Elements(Numbers)),
        (3, from sign in Gen.Elements("", "-")
            from whole in Gen.Elements("0", "1", "7", "42", "1000", "123456789")
            from fraction in Gen.Elements("", "", ".0", ".5", ".000", ".000000000000000000001")
            from exponent in Gen.Elements("", "", "e0", "E2", "e-7", "e+30", "e-30")
            select sign + whole + fraction + exponent),
        (1, from digits in Gen.Choose(1, 400)
            from zeros in Gen.Choose(0, 40)
            select $"1{new string('3', digits)}{new string('0', zeros)}"),
        (1, from zeros in Gen.Choose(1, 60)
            from sign in Gen.Elements("", "-")
            select $"1e{sign}{new string('9', zeros)}"));

    /// <summary>Any value, a few levels deep.</summary>
    public static readonly Gen<string> Value = ValueOf(3);

    public static readonly Gen<string> Object = ObjectOf(Gen.Choose(0, 5), 2);

    public static readonly Gen<string> Array = ArrayOf(Gen.Choose(0, 4), 2);

    /// <summary>Deep, wide or long ones, now and then deeper than is allowed.</summary>
    public static readonly Gen<string> Extreme = Gen.OneOf(
        from depth in Gen.Elements(10, 50, 61, 62, 63, 64, 65, 200)
        from open in Gen.Elements("[", "{\"a\":", "[{\"\":")
        select string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(string.Concat(open.Reverse().Where(c => c is '[' or '{').Select(c => c == '[' ? ']' : '}')), depth)),
        Gen.Choose(20, 300).Select(count => $"[{string.Join(',', Enumerable.Range(0, count))}]"),
        Gen.Choose(20, 300).Select(
            count => $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"n{i % (count - 5)}\":{i}"))}}}"),
        Gen.Choose(1000, 20_000).Select(length => $"{{\"long\":\"{new string('y', length)}\"}}"));

    private static Gen<string> ValueOf(int levels) => levels == 0
        ? Gen.Frequency((3, Text), (3, Number), (2, Gen.Elements(Words)))
        : Gen.Frequency(
            (3, Text),
            (3, Number),
            (2, Gen.Elements(Words)),
            (2, ObjectOf(Gen.Choose(0, 4), levels - 1)),
            (1, ArrayOf(Gen.Choose(0, 4), levels - 1)));

    private static Gen<string> ObjectOf(Gen<int> sizes, int levels) =>
        from size in sizes
        from names in Gen.ArrayOf(Name, size)
        from values in Gen.ArrayOf(ValueOf(levels), size)
        from white in Gen.Elements(White)
        select $"{{{white}{string.Join($"{white},", names.Zip(values, (name, value) => $"{name}{white}:{white}{value}"))}{white}}}";

    private static Gen<string> ArrayOf(Gen<int> sizes, int levels) =>
        from size in sizes
        from values in Gen.ArrayOf(ValueOf(levels), size)
        from white in Gen.Elements(White)
        select $"[{white}{string.Join($",{white}", values)}{white}]";

    private static string Character(int code) => code switch
    {
        < ' ' or '"' or '\\' => $"\\u{code:x4}",
        >= 0xD800 and <= 0xDFFF => $"\\u{code:X4}",
        _ => char.ConvertFromUtf32(code),
    };
}
