using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// A JSON number as BSON. A whole number is an int32 or int64; any other is a double where the double spells it again,
/// else a decimal128 where that does (more digits, zeros at the end, 2^63 and beyond), else a double where it is the
/// same number in another spelling. What is left (more than 34 digits, 1e400) is kept as text: see
/// <see cref="JsonBson"/>.
/// </summary>
internal static class JsonNumber
{
    /// <summary>False, with nothing written, when no number of BSON is that number.</summary>
    public static bool TryWrite(IBsonWriter bson, ReadOnlySpan<byte> json)
    {
        if (Utf8Parser.TryParse(json, out long whole, out var length) && length == json.Length
            && (whole != 0 || length == 1))
        {
            if (whole is >= int.MinValue and <= int.MaxValue)
                bson.WriteInt32((int)whole);
            else
                bson.WriteInt64(whole);
            return true;
        }

        var number = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        var spelling = double.IsFinite(number) ? Spell(number) : null;
        if (Spells(spelling, json))
            bson.WriteDouble(number);
        else if (Decimal128.TryParse(Encoding.ASCII.GetString(json), out var exact) && Spells(exact.ToString(), json))
            bson.WriteDecimal128(exact);
        else if (spelling is not null && CanonicalJson.AreEqual(JsonValue.Parse(spelling), new(json.ToArray())))
            bson.WriteDouble(number);
        else
            return false;
        return true;
    }

    /// <summary>
    /// As JavaScript spells it, but for a whole number, which gets ".0": so it stays a double. Finite numbers only.
    /// </summary>
    public static string Spell(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal))
        {
            var form = new ArrayBufferWriter<byte>(32);
            CanonicalJson.Write(Encoding.ASCII.GetBytes(text), form);
            text = Encoding.ASCII.GetString(form.WrittenSpan);
        }

        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    private static bool Spells(string? spelling, ReadOnlySpan<byte> json) =>
        spelling is not null && Ascii.Equals(json, spelling);
}
