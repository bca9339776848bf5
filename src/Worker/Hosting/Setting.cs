using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Worker.Hosting;

/// <summary>One key of the configuration: a property of an options class.</summary>
internal sealed record Setting(string Key, PropertyInfo Property, object? Default)
{
    private Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    private RangeAttribute? Range => Property.GetCustomAttribute<RangeAttribute>();

    private bool IsRequired => Property.GetCustomAttribute<RequiredAttribute>() is not null;

    /// <summary>The default as one would write it; empty when there is none.</summary>
    public string DefaultText => Default switch
    {
        null => "",
        Enum value => Name(value),
        TimeSpan time => time.ToString(
            time.Ticks % TimeSpan.TicksPerSecond == 0 ? "c" : @"hh\:mm\:ss\.FFFFFFF", CultureInfo.InvariantCulture),
        bool value => value ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>What it accepts, in words.</summary>
    public string Accepts => (Type, Range) switch
    {
        ({ IsEnum: true }, _) => string.Join(" or ", Enum.GetValues(Type).Cast<Enum>().Select(Name)),
        (_, { } range) when Type == typeof(TimeSpan) => $"hh:mm:ss from {range.Minimum} to {range.Maximum}",
        (_, { Maximum: double and >= long.MaxValue } range) => $"{range.Minimum} or more",
        (_, { } range) => $"{range.Minimum} to {range.Maximum}",
        _ when Type == typeof(TimeSpan) => "hh:mm:ss",
        _ when Type == typeof(bool) => "true or false",
        _ => "text",
    };

    /// <summary>What is wrong with <paramref name="value"/>, as a sentence; null when nothing is.</summary>
    public string? Fault(string value)
    {
        if (value.Length == 0 && !IsRequired && (Default is null || Type == typeof(string)))
            return null;
        return TryConvert(value, out var converted) && IsValid(converted)
            ? null
            : $"{Key} is \"{value}\"; it accepts {Accepts}{(Default is null ? "" : $", e.g. {DefaultText}")}.";
    }

    private bool IsValid(object? value) =>
        Property.GetCustomAttributes<ValidationAttribute>().All(attribute => attribute.IsValid(value));

    private bool TryConvert(string value, out object? converted)
    {
        try
        {
            converted = TypeDescriptor.GetConverter(Type).ConvertFromInvariantString(value);
            return converted is not Enum member || Enum.IsDefined(Type, member);
        }
        catch (Exception exception)
            when (exception is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            converted = null;
            return false;
        }
    }

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
