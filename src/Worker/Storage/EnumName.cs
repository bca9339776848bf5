using System.Collections.Frozen;
using System.Text.Json;

namespace Worker.Storage;

/// <summary>Enum members as stores write them: in snake case, e.g. <c>sampled_out</c>.</summary>
internal static class EnumName<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Names =
        Enum.GetValues<T>().ToFrozenDictionary(
            value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, T> Values = Names.ToFrozenDictionary(
        name => name.Value, name => name.Key);

    public static string Of(T value) => Names[value];

    public static T Parse(string name) => Values[name];
}
