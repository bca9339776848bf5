using System.Buffers;
using System.Text;
using System.Text.Json;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>Equality by content of what stores give back, told part by part.</summary>
internal static class StoreAssertions
{
    /// <summary>
    /// Values by what they spell, as the merge law takes them; see <see cref="ShouldBeSameJson"/> for how.
    /// </summary>
    public static void ShouldBeLog(this Log actual, Log expected)
    {
        actual.Fields.Select(Describe).ShouldBe(expected.Fields.Select(Describe));
        actual.Receipts.ShouldBe(expected.Receipts);
        actual.Batches.ShouldBe(expected.Batches);
        actual.Parents.ShouldBe(expected.Parents);
        actual.Problems.ShouldBe(expected.Problems);
        Scalars(actual).ShouldBe(Scalars(expected));
    }

    public static void ShouldBeRun(this Run actual, Run expected)
    {
        actual.Pins.ShouldBe(expected.Pins);
        actual.Members.HasValue.ShouldBe(expected.Members.HasValue);
        actual.Members.GetValueOrDefault([]).ShouldBe(expected.Members.GetValueOrDefault([]));
        (actual with { Pins = [], Members = null }).ShouldBe(expected with { Pins = [], Members = null });
    }

    public static void ShouldBeLetter(this DeadLetter actual, DeadLetter expected)
    {
        actual.Body.HasValue.ShouldBe(expected.Body.HasValue);
        actual.Body.GetValueOrDefault().ToArray().ShouldBe(expected.Body.GetValueOrDefault().ToArray());
        actual.Attempts.ShouldBe(expected.Attempts);
        (actual with { Body = null, Attempts = [] }).ShouldBe(expected with { Body = null, Attempts = [] });
    }

    /// <summary>But for the position, which the store gives.</summary>
    public static void ShouldBeMessage(this InboxMessage actual, InboxMessage expected)
    {
        actual.Body.ToArray().ShouldBe(expected.Body.ToArray());
        actual.Attempts.ShouldBe(expected.Attempts);
        (actual with { Body = default, Position = 0, Attempts = [] }).ShouldBe(
            expected with { Body = default, Position = 0, Attempts = [] });
    }

    /// <summary>Numbers by their text, as they were sent; the white space between tokens does not count.</summary>
    public static void ShouldBeSameJson(this JsonValue? actual, string expected) =>
        Tokens(actual.ShouldNotBeNull().ToString()).ShouldBe(Tokens(expected));

    private static List<string> Tokens(string json)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = int.MaxValue });
        var tokens = new List<string>();
        while (reader.Read())
        {
            var text = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                ? reader.GetString()
                : Encoding.UTF8.GetString(reader.ValueSpan);
            tokens.Add($"{reader.TokenType} {text}");
        }

        return tokens;
    }

    private static string Describe(FieldEntry entry)
    {
        if (entry.Value is not { } value)
            return $"{entry.Field.Name} = unset by {entry.Stamp}";
        var form = new ArrayBufferWriter<byte>();
        CanonicalJson.WriteExact(value.Utf8, form);
        return $"{entry.Field.Name} = {Encoding.UTF8.GetString(form.WrittenSpan)} by {entry.Stamp}";
    }

    private static Log Scalars(Log log) =>
        log with { Fields = [], Receipts = [], Batches = [], Parents = [], Problems = [] };
}
